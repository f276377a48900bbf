import { assert, assertThrows } from "@std/assert";
import { type CommandLine, parseCommandLine, type RunCommand } from "../../../src/cli/options/command_line.ts";
import { UsageError } from "../../../src/core/errors.ts";

const ENVIRONMENT: Readonly<Record<string, string>> = { TOKEN: " abc.def ", EMPTY: "" };
/** A command line, where the environment has a token. */
export const read = (argv: readonly string[]): CommandLine => parseCommandLine(argv, (name) => ENVIRONMENT[name]);

/** A command line, of the test that takes every option where it names none. */
export function parse(...argv: readonly string[]): CommandLine {
  const named = argv.some((word) => /^(?:--test-type(?:=|$)|--help|-h$)/.test(word));
  return read(named ? argv : ["--test-type", "comprehensive", ...argv]);
}

/** A command line that is a test. */
export function run(...argv: readonly string[]): RunCommand {
  const command = parse(...argv);
  assert(command.kind === "run", `a test, not ${command.kind}`);
  return command;
}

/** The message and the hint with which a command line is refused. */
export function refusal(...argv: readonly string[]): string {
  const error = assertThrows(() => parse(...argv), UsageError);
  return `${error.message} | ${error.hint ?? ""}`;
}
