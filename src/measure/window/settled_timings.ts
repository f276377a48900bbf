import type { Clock } from "../../core/clock.ts";
import type { ServerTimings } from "../../core/protocol.ts";

/** Readings after the first. */
const MOST_MORE = 3;
/** Between two readings, ms: long against the time in which a server counts one execution. */
const PAUSE_MS = 10;

/**
 * The server's counters once two readings in a row agree. A server counts an execution after it has answered, and not all
 * counters at one moment: Triton's executions and items were seen apart by one execution.
 *
 * Meant for a server at rest: at most three readings more than one, 10 ms apart. Where others keep it busy, the last counts.
 *
 * @param read Reads them once; answers why where it cannot.
 * @param clock For the pauses.
 * @returns The counters, or why they cannot be read.
 */
export async function settledTimings(
  read: () => Promise<ServerTimings | string>,
  clock: Clock,
): Promise<ServerTimings | string> {
  let last = await read();
  for (let more = 0; more < MOST_MORE && typeof last !== "string"; more++) {
    await clock.sleep(PAUSE_MS);
    const next = await read();
    if (typeof next === "string" || isSame(last, next)) break;
    last = next;
  }
  return last;
}

function isSame(a: ServerTimings, b: ServerTimings): boolean {
  return (Object.keys(b) as (keyof ServerTimings)[]).every((name) => a[name] === b[name]);
}
