import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";

const TICK_MS = 10;
/** Fewer ticks say nothing of a 99th percentile. */
const LEAST_TICKS = 50;

/**
 * Watches how late this process's event loop runs a timer of 10 ms; one that comes late stands for all that were due
 * meanwhile. It is not the watch of the program itself, which is under test.
 *
 * @returns Ends the watch and gives the 99th percentile, ms; `null` after too short a time.
 */
export function watchLoopLag(): { stop(): number | null } {
  const lagsMs: number[] = [];
  let dueAt = performance.now() + TICK_MS;
  const record = () => {
    for (const now = performance.now(); dueAt <= now; dueAt += TICK_MS) lagsMs.push(now - dueAt);
  };
  let timer: ReturnType<typeof setTimeout>;
  // An interval would drift against the moments that are due, and its drift would count as lateness.
  const arm = () => {
    timer = setTimeout(() => {
      record();
      arm();
    }, Math.max(0, Math.ceil(dueAt - performance.now())));
  };
  arm();
  return {
    stop() {
      clearTimeout(timer);
      record();
      return lagsMs.length < LEAST_TICKS ? null : quantile(ascending(lagsMs), 0.99);
    },
  };
}
