/**
 * Compares results files: `deno task compare before.json after.json`.
 *
 * @module
 */
import { compareCommand } from "../src/cli/compare_command.ts";
import { systemConsole } from "../src/cli/console.ts";

if (import.meta.main) Deno.exit(await compareCommand(Deno.args, systemConsole()));
