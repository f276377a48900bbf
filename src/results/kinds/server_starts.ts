import * as v from "valibot";
import type { Distribution } from "../../core/estimate.ts";
import { distribution, nullableDistribution, nullableNumber, number, numbers } from "../schema.ts";
import type { Detail } from "./kind.ts";

/**
 * The stages of a start, in their order, each from the end of the one before.
 *
 * - `portOpen`: from the start of the process until its port takes connections
 * - `healthy`: until the server says that it is healthy
 * - `modelReady`: until it says that the model is loaded, asked to load it where it does not by itself
 * - `firstPrediction`: until the first prediction has succeeded
 * - `warmAgain`: until a prediction takes no longer than 95 % of those of the warm server; 0 where the first did
 */
export const START_STAGES = ["portOpen", "healthy", "modelReady", "firstPrediction", "warmAgain"] as const;

/** One member of {@linkcode START_STAGES}. */
export type StartStage = typeof START_STAGES[number];

/** One start of the server. */
export interface StartSample {
  /** Time of each stage, ms; `null` where it was not seen. */
  readonly stagesMs: Readonly<Record<StartStage, number | null>>;
  /** From the start of the process to the first prediction, ms. */
  readonly totalMs: number;
}

/** Starts of the server, each a new process. */
export interface ServerStarts {
  /** Name of the program, without its arguments. */
  readonly program: string;
  /** Whether what the server reads was in the system's page cache: `warm` after an earlier start, or `dropped`. */
  readonly pageCache: "warm" | "dropped";
  /** What the server was stopped by. */
  readonly stopSignal: string;
  /** How often it did not end by that and was killed. */
  readonly killed: number;
  /** Starts in the order in which they ran. */
  readonly samples: readonly StartSample[];
  /** From the start of the process to the first prediction, ms, bootstrap intervals. */
  readonly totalMs: Distribution;
  /** Each stage over the starts in which it was seen; `null` where in none. */
  readonly stagesMs: Readonly<Record<StartStage, Distribution | null>>;
  /** Latency of the k-th inference after a start, ms, median over the starts; [0] is the first prediction. */
  readonly warmUpCurveMs: readonly number[];
}

const ofStages = <T extends v.GenericSchema>(schema: T) =>
  v.looseObject(Object.fromEntries(START_STAGES.map((stage) => [stage, schema])));

/** {@linkcode ServerStarts} in a results file. */
export const serverStartsSchema: v.GenericSchema<unknown, ServerStarts> = v.looseObject({
  program: v.string(),
  pageCache: v.picklist(["warm", "dropped"]),
  stopSignal: v.string(),
  killed: number,
  samples: v.array(v.looseObject({ stagesMs: ofStages(nullableNumber), totalMs: number })),
  totalMs: distribution,
  stagesMs: ofStages(nullableDistribution),
  warmUpCurveMs: numbers,
}) as unknown as v.GenericSchema<unknown, ServerStarts>;

/** Ids of the stages in tables of figures. */
const STAGE_IDS: Readonly<Record<StartStage, string>> = {
  portOpen: "port_open",
  healthy: "healthy",
  modelReady: "model_ready",
  firstPrediction: "first_prediction",
  warmAgain: "warm_again",
};

/** Starts together, by stage and one by one, as rows of tables. */
export function startDetails({ samples, totalMs, stagesMs, warmUpCurveMs }: ServerStarts): Detail[] {
  return [
    {
      at: null,
      values: [
        { id: "server_start_min", unit: "ms", value: totalMs.min, n: totalMs.n },
        { id: "server_start_p50", unit: "ms", value: totalMs.p50 },
        { id: "server_start_max", unit: "ms", value: totalMs.max, n: totalMs.n },
        ...START_STAGES.map((stage) => ({
          id: `server_start_${STAGE_IDS[stage]}_mean`,
          unit: "ms",
          value: stagesMs[stage]?.mean,
        })),
      ],
    },
    ...samples.map((sample, index) => ({
      at: { axis: "server_start", level: index + 1 },
      values: [
        ...START_STAGES.map((stage) => ({ id: STAGE_IDS[stage], unit: "ms", value: sample.stagesMs[stage] })),
        { id: "total", unit: "ms", value: sample.totalMs },
      ],
    })),
    ...warmUpCurveMs.map((latencyMs, index) => ({
      at: { axis: "inference_after_start", level: index + 1 },
      values: [{ id: "latency_median", unit: "ms", value: latencyMs }],
    })),
  ];
}
