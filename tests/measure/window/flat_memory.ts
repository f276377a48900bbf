/** Prints the memory of this process, in MB, after 50,000 requests of a run and after all 5 million and their summary. */
import { isEnough } from "../../../src/measure/window/stop_rule.ts";
import { summariseWindow } from "../../../src/measure/window/summarise_window.ts";
import { WindowFold } from "../../../src/measure/window/window_fold.ts";
import { kept, withFold } from "../../../src/measure/window/sample_window.ts";
import { calmUse } from "../../results/result_base.ts";
import { scriptedRun } from "./scripted_run.ts";

const REQUESTS = 5_000_000;
const never = { durationMs: Infinity, minimumMs: 0, minimumRequests: 0, slack: 0.001 };

const fold = new WindowFold("sent");
/** What is garbage at a moment is chance. */
function rssMb(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Deno.memoryUsage().rss / 1e6;
}
let earlyMb = 0, attempts = 0;
const run = scriptedRun({
  requests: REQUESTS,
  warmUpRequests: 10,
  fold,
  stopWhen: ({ samples, windowFrom, windowStartMs: startMs, nowMs: endMs }) =>
    isEnough(
      {
        samples,
        origin: "sent",
        indices: kept(samples, windowFrom, samples.length),
        startMs,
        endMs,
        whole: false,
        ...(fold.succeeded > 0 ? { fold } : {}),
      },
      [],
      never,
    ),
  onAttempt: () => {
    if (++attempts === 50_000) earlyMb = rssMb();
  },
});
const load = { kind: "closed", concurrency: 1, batchSize: 1 } as const;
const client = { use: calmUse, cpuMsPerRequest: null, ceiling: null };
const visit = { by: "basic", load, atMs: 0, run: withFold(run, fold), ...client, server: "not counted" } as const;
const { window } = summariseWindow(load, [visit]);
// deno-lint-ignore no-console -- another process reads it
console.log(JSON.stringify({ requests: window.requests, earlyMb, lateMb: rssMb() }));
