/**
 * Runs the embedded server alone, until Ctrl-C: `deno task serve [--port N] [--models a,b] [--threads N]
 * [--cache-dir FOLDER]`.
 *
 * @module
 */
import { serveCommand } from "../src/cli/commands/serve_command.ts";
import { systemConsole } from "../src/cli/terminal/console.ts";

if (import.meta.main) Deno.exit(await serveCommand(Deno.args, systemConsole()));
