import { parseServerCommand, type ServerCommand } from "../../launch/server_command.ts";
import type { GivenOptions } from "./given_options.ts";
import type { StopSignal } from "./start_options.ts";

/** How the server is started for a run. */
export interface StartArguments {
  /** What starts it. */
  readonly command: ServerCommand;
  /** What it is stopped by. */
  readonly stopSignal: StopSignal;
  /** Whether the page cache is dropped before each start that is measured. */
  readonly dropCaches: boolean;
  /** How long a start may take until the server serves, ms; `null` for the usual. */
  readonly timeoutMs: number | null;
}

/**
 * Reads the options that say how the server is started.
 *
 * @param given The options.
 * @returns `null` where it is not.
 * @throws {UsageError} If its command cannot be read.
 */
export function readStart(given: GivenOptions): StartArguments | null {
  const command = given.get("start-command");
  if (command === undefined) return null;
  return {
    command: parseServerCommand(command),
    stopSignal: given.get("stop-signal") ?? "SIGTERM",
    dropCaches: given.get("drop-caches") ?? false,
    timeoutMs: given.get("start-timeout") ?? null,
  };
}
