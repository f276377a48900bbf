/**
 * Compares results files: `deno task compare before.json after.json`.
 *
 * @module
 */
import { compareCommand } from "../src/cli/commands/compare_command.ts";
import { systemConsole } from "../src/cli/terminal/console.ts";

if (import.meta.main) Deno.exit(await compareCommand(Deno.args, systemConsole()));
