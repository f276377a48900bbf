import { seededRandom } from "../../src/core/random.ts";
import type { LatencyResult } from "../../src/results/result.ts";
import { bootstrapDistribution } from "../../src/stats/estimates/bootstrap_distribution.ts";
import { coldStarts } from "./synthetic.ts";

/** Starts of a server from nothing, and cold cycles after them. */
export function serverStarts({ starts = 5, cycles = 5 } = {}): LatencyResult {
  const random = seededRandom(9);
  const samples = Array.from({ length: starts }, () => {
    const stagesMs = {
      portOpen: 2800 + 500 * random(),
      healthy: 60 + 30 * random(),
      modelReady: 2100 + 300 * random(),
      firstPrediction: 380 + 60 * random(),
      warmAgain: 50 + 20 * random(),
    };
    const { portOpen, healthy, modelReady, firstPrediction } = stagesMs;
    return { stagesMs, totalMs: portOpen + healthy + modelReady + firstPrediction };
  });
  const over = (of: (sample: typeof samples[number]) => number) => bootstrapDistribution(samples.map(of), { seed: 1 })!;
  return {
    ...coldStarts({ cycles }),
    ...(cycles === 0 ? { warmUpCurveMs: null, absences: { cold: "the server offers no way to unload a model" } } : {}),
    starts: {
      program: "python",
      pageCache: "warm",
      stopSignal: "SIGTERM",
      killed: 0,
      samples,
      totalMs: over(({ totalMs }) => totalMs),
      stagesMs: {
        portOpen: over(({ stagesMs }) => stagesMs.portOpen),
        healthy: over(({ stagesMs }) => stagesMs.healthy),
        modelReady: over(({ stagesMs }) => stagesMs.modelReady),
        firstPrediction: over(({ stagesMs }) => stagesMs.firstPrediction),
        warmAgain: over(({ stagesMs }) => stagesMs.warmAgain),
      },
      warmUpCurveMs: [410, 48, 24, 22, 22],
    },
  };
}
