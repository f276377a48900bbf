import type { BasicOptions } from "../core/config.ts";
import type { BasicResult } from "../core/result.ts";
import type { Target } from "../core/target.ts";
import { checkOptions } from "./check_options.ts";
import { defaultBudget, summariseLevel, visitLevel } from "./level.ts";
import type { LevelSeries } from "./level_series.ts";
import { runSession } from "./session.ts";

/** Most points of a timeline: more would only cover each other. */
const TIMELINE_POINTS = 2000;

/**
 * How fast does the server answer at one concurrency and one batch size? One closed-loop run (METHODS 9) that ends
 * when throughput is known within 5 % and p95 latency within 10 %, or after `durationMs` or `requests`.
 *
 * @param target The model to measure, from `connect`.
 * @param options Concurrency, batch size and bounds.
 * @returns Rates per second and latencies in ms, each with its 95 % interval.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runBasicTest(target: Target, options: BasicOptions = {}): Promise<BasicResult> {
  checkOptions(options);
  const { concurrency = 1, batchSize = 1 } = options;
  return await runSession<BasicResult>("basic", target, options, async (session) => {
    const stage = `concurrency ${concurrency}, batch ${batchSize}`;
    const visit = await visitLevel(session, { concurrency, batchSize }, defaultBudget(options), [], (fraction) => {
      session.progress(stage, fraction);
    });
    const { measurement, series, firstByteMs, serverMs } = summariseLevel([visit], batchSize);
    if (serverMs === null && measurement.succeeded > 0) {
      session.absences["serverMs"] = "the server does not report its own time";
    }
    if (measurement.succeeded === 0) session.absences["latencyMs"] = "no request succeeded";
    return {
      kind: "basic",
      concurrency,
      batchSize,
      ...measurement,
      firstByteMs,
      serverMs,
      timeline: timelineOf(series),
    };
  });
}

function timelineOf({ endedAtMs, latenciesMs, succeeded }: LevelSeries): BasicResult["timeline"] {
  const step = Math.max(1, Math.ceil(succeeded / TIMELINE_POINTS));
  return Array.from({ length: Math.ceil(succeeded / step) }, (_, k) => {
    // The slowest of each group stands for it: a stall must not be thinned out.
    let slowest = k * step;
    for (let i = slowest; i < Math.min(succeeded, (k + 1) * step); i++) {
      if (latenciesMs[i]! > latenciesMs[slowest]!) slowest = i;
    }
    return { atMs: endedAtMs[slowest]!, latencyMs: latenciesMs[slowest]! };
  });
}
