import { Given } from "../options/given.ts";
import type { OptionSpec } from "../options/option.ts";
import { FLAG } from "../options/option_values.ts";
import { asksForHelp, readArguments } from "../options/read_arguments.ts";
import type { Console } from "../terminal/console.ts";
import { describeError } from "../terminal/describe_error.ts";
import { fittedPage } from "../terminal/fitted_page.ts";
import { EXIT_CODE, type ExitCode, exitCodeOf } from "../terminal/exit_code.ts";
import { exitCodeSection, helpPage, optionSections } from "../help/help_page.ts";

/** A command that runs no tests: its options are a table of its own. */
export interface TableCommand<Spec extends OptionSpec> {
  /** What it does and how it is called, line by line, for `--help`. */
  readonly head: readonly string[];
  /** Its options, `--help` apart. */
  readonly options: readonly Spec[];
  /** Whether something stands beside the options: files. @default {false} */
  readonly takesOperands?: boolean;
  /** What it ends with. */
  readonly exitCodes: readonly { readonly code: ExitCode; readonly meaning: string }[];
  /** Does what was asked for. */
  readonly run: (given: Given<Spec>, console: Console) => Promise<ExitCode>;
}

const HELP: OptionSpec = { name: "help", short: "h", group: "Options", value: FLAG, description: "Show this help" };

/**
 * Runs such a command; every failure is one message and an exit code.
 *
 * @param command The command.
 * @param argv Arguments without the program's name.
 * @param console Where it prints.
 * @returns The exit code.
 */
export async function runTableCommand<Spec extends OptionSpec>(
  { head, options, takesOperands = false, exitCodes, run }: TableCommand<Spec>,
  argv: readonly string[],
  console: Console,
): Promise<ExitCode> {
  const table = [...options, HELP];
  try {
    if (asksForHelp(argv)) {
      const page = helpPage(head, [...optionSections(table), exitCodeSection(exitCodes)]);
      await console.write(fittedPage(page, console.width));
      return EXIT_CODE.done;
    }
    const given = new Given<Spec>(table, readArguments(argv, table, takesOperands));
    given.checkValues();
    return await run(given, console);
  } catch (error) {
    console.error(describeError(error, true));
    return exitCodeOf(error);
  }
}
