/**
 * Makes the HTML report of a results file: `deno task report results.json [-o report.html]`.
 *
 * @module
 */
import { reportCommand } from "../src/cli/commands/report_command.ts";
import { systemConsole } from "../src/cli/terminal/console.ts";
import { outliveFileLimit } from "../src/cli/terminal/end_signals.ts";

if (import.meta.main) {
  outliveFileLimit();
  Deno.exit(await reportCommand(Deno.args, systemConsole()));
}
