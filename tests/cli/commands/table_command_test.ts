import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { compareCommand } from "../../../src/cli/commands/compare_command.ts";
import { reportCommand } from "../../../src/cli/commands/report_command.ts";
import { serveCommand } from "../../../src/cli/commands/serve_command.ts";
import type { Console } from "../../../src/cli/terminal/console.ts";

/** The commands that run no tests, with the options of each. */
const COMMANDS: readonly (readonly [typeof compareCommand, string, options: readonly string[]])[] = [
  [compareCommand, "compare", ["--format FORMAT", "-o, --output FILE"]],
  [reportCommand, "report", ["-o, --output FILE"]],
  [serveCommand, "serve", ["--port N", "--models NAME,NAME,...", "--threads N", "--cache-dir FOLDER"]],
];

async function run(command: typeof compareCommand, ...argv: string[]) {
  let stdout = "", stderr = "";
  const console: Console = {
    write: (text) => Promise.resolve(void (stdout += text)),
    error: (text) => void (stderr += `${text}\n`),
    draw: () => {},
    terminalColumns: () => null,
    color: false,
    ascii: false,
  };
  return { code: await command(argv, console), stdout, stderr };
}

for (const [command, name, options] of COMMANDS) {
  Deno.test(`${name} --help fits in 80 columns and tells every option and exit code, mistakes beside it or not`, async () => {
    for (const argv of [["--help"], ["-h"], ["--banana", "--help"]]) {
      const { code, stdout, stderr } = await run(command, ...argv);
      assertEquals([code, stderr], [0, ""]);
      assertMatch(stdout, new RegExp(`^Usage: deno task ${name} `, "m"));
      for (const option of [...options, "-h, --help"]) assertStringIncludes(stdout, `\n  ${option} `);
      assertMatch(stdout, /\nExit codes\n {2}0 [^]*\n {2}2 [^]*\n$/);
      assertEquals(stdout.split("\n").filter((line) => line.length > 80 || line !== line.trimEnd()), []);
    }
  });

  Deno.test(`${name} refuses an option that it does not have, with a hint`, async () => {
    const { code, stdout, stderr } = await run(command, "--banana", "x");
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, '"--banana" is no option\nHint: See --help for all options.');
  });
}
