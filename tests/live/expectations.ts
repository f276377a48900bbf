import type { InputSpec } from "../../src/core/model_input.ts";
import type { FailureReason } from "../../src/core/outcome.ts";
import type { ConnectOptions } from "../../src/protocols/connect.ts";
import { GENERIC } from "../../src/protocols/generic.ts";
import type { LiveServer } from "./servers/live_server.ts";

/** What is true of a kind of server. */
export interface Expectations {
  /** Name of the protocol that it speaks, which must be found out by asking it unless it is described. */
  readonly protocol: string;
  /** Its description, as JSON, where it speaks none of the known protocols. */
  readonly description?: unknown;
  /** The model. */
  readonly model: string;
  /** Items, where the server does not say what the model takes. */
  readonly inputs?: InputSpec;
  /** What else connecting needs. */
  readonly connectOptions?: (server: LiveServer) => ConnectOptions;
  /** Size of its weights, bytes: what a load costs at least. */
  readonly weightsBytes: number;
  /** How many workers load the model, each for itself. @default {1} */
  readonly workers?: number;
  /** Whether the server lists its models. @default {true} */
  readonly lists?: boolean;
  /** Words of the reason for which the model is never unloaded. @default {it is} */
  readonly whyNoUnload?: string;
  /** Whether the server counts what it did and how long it took. @default {true} */
  readonly counts?: boolean;
  /** Whether the model's log tells of every execution. @default {false} */
  readonly logsExecutions?: boolean;
  /** Whether it answers what it has seen by what it answered then. @default {false} */
  readonly caches?: boolean;
  /** Batch sizes of the throughput test. */
  readonly batchSizes: readonly number[];
  /** Whether the items of a batch go into one request, or the server makes batches of requests. */
  readonly batching: "request" | "server";
  /** Whether each answer says how long the server worked on it. */
  readonly serverTimeInAnswer: boolean;
  /** How a prediction for a model that is not there fails; `null` where requests name no model. */
  readonly wrongModel: FailureReason | null;
  /** Whether the whole command runs, in place of single tests of cold starts and memory. @default {false} */
  readonly comprehensive?: boolean;
}

/** With `TORCHGAUGE_LIVE_ALL=1` what takes minutes runs too: a second model, and whole runs of servers that start a Python with
 * PyTorch for each load. */
const all = Deno.env.get("TORCHGAUGE_LIVE_ALL") === "1";

/** Networks of `python/networks.py`. */
export const LIVE_MODELS = [
  { model: "resnet18", weightsBytes: 46.8e6, comprehensive: all },
  ...all ? [{ model: "bert", weightsBytes: 5.4e6 } as const] : [],
] as const;

/** That of `python/small_model.py`. */
export const SMALL_MODEL = { model: "small", weightsBytes: 17.4e6, logsExecutions: true, comprehensive: true } as const;

/** A server of the small model that speaks none of the known protocols. */
export const DESCRIBED = {
  protocol: GENERIC,
  description: {
    predict: { path: "/predict", bodyTemplate: { inputs: "{{inputs}}" } },
    predictions: "/scores",
    health: { path: "/health" },
  },
  inputs: { kind: "tensors", tensors: [{ name: "inputs", datatype: "FP32", shape: [64] }] },
  batchSizes: [1, 4],
  batching: "request",
  serverTimeInAnswer: false,
  lists: false,
  counts: false,
  whyNoUnload: "has no load and unload",
  wrongModel: null,
} as const;
