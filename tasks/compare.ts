/**
 * Compares results files: `deno task compare before.json after.json`.
 *
 * @module
 */
import { compareCommand } from "../src/cli/commands/compare_command.ts";
import { systemConsole } from "../src/cli/terminal/console.ts";
import { outliveFileLimit } from "../src/cli/terminal/end_signals.ts";

if (import.meta.main) {
  outliveFileLimit();
  Deno.exit(await compareCommand(Deno.args, systemConsole()));
}
