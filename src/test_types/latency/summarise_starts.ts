import type { StartedServer } from "../../core/started_server.ts";
import {
  type ServerStarts,
  START_STAGES,
  type StartSample,
  type StartStage,
} from "../../results/kinds/server_starts.ts";
import { bootstrapDistribution } from "../../stats/estimates/bootstrap_distribution.ts";
import { medianCurve } from "./median_curve.ts";
import type { TimedStart, TimedStarts } from "./server_starts.ts";

/**
 * What starts of a server show together.
 *
 * @param timed The starts.
 * @param server The server.
 * @param warmP95Ms 95th percentile of the warm latency, ms; `null` where it is not known.
 * @param seed Of the resampling.
 * @returns `null` where there was no whole start.
 */
export function summariseStarts(
  { starts, killed }: Pick<TimedStarts, "starts" | "killed">,
  { program, stopSignal, dropsCaches }: Pick<StartedServer, "program" | "stopSignal" | "dropsCaches">,
  warmP95Ms: number | null,
  seed: number,
): ServerStarts | null {
  const samples = starts.map((start): StartSample => ({
    stagesMs: { ...start.stagesMs, warmAgain: warmP95Ms === null ? null : warmAgain(start, warmP95Ms) },
    totalMs: start.totalMs,
  }));
  const totalMs = bootstrapDistribution(samples.map((sample) => sample.totalMs), { seed });
  if (totalMs === null) return null;
  const ofStage = (stage: StartStage) =>
    bootstrapDistribution(samples.flatMap(({ stagesMs }) => stagesMs[stage] ?? []), { seed });
  return {
    program,
    pageCache: dropsCaches ? "dropped" : "warm",
    stopSignal,
    killed,
    samples,
    totalMs,
    stagesMs: Object.fromEntries(START_STAGES.map((stage) => [stage, ofStage(stage)])) as ServerStarts["stagesMs"],
    warmUpCurveMs: medianCurve(starts.map(({ firstMs, followUps }) => [
      firstMs,
      ...followUps.map(({ latencyMs }) => latencyMs),
    ])),
  };
}

/** From the first prediction to one as fast as 95 % of those of the warm server, ms; `null` where none was. */
function warmAgain({ firstMs, followUps }: TimedStart, warmP95Ms: number): number | null {
  if (firstMs <= warmP95Ms) return 0;
  return followUps.find(({ latencyMs }) => latencyMs <= warmP95Ms)?.endMs ?? null;
}
