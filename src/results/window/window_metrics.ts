import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import type { GateName } from "../figure.ts";
import { nullableEstimate } from "../schema.ts";
import type { Unit } from "../units.ts";

/** One estimate of each window. A window holds it under `field`. */
export interface WindowMetric {
  /** Name of the estimate in a window. */
  readonly field: WindowField;
  /** Name in tables of figures, in snake case. */
  readonly id: string;
  /** Name for people. */
  readonly label: string;
  /** Unit of the estimate. */
  readonly unit: Unit;
  /** Whether less or more of it is better. */
  readonly better: "less" | "more";
  /** Why a window has none, for people, where its result does not say. @default {"no request succeeded"} */
  readonly missing?: string;
  /** Left out of windows that cannot have it. */
  readonly optional?: true;
  /** Left out of windows whose answers were not streamed. */
  readonly streamedOnly?: true;
  /** Left out of windows whose requests were held against no limits. */
  readonly limitedOnly?: true;
  /** How objectives ask for it; left out where they cannot. */
  readonly gate?: GateName;
}

/** Estimates that every window has. */
export type RequiredWindowField = "requestsPerSecond" | "predictionsPerSecond" | "errorRate";
/** Estimates that some windows have. */
export type OptionalWindowField =
  | "backlogGrowthPerSecond"
  | "outputTokensPerSecond"
  | "promptTokensPerSecond"
  | "goodShare"
  | "goodRequestsPerSecond"
  | "goodTokensPerSecond";
/** Names of the estimates of a window. */
export type WindowField = RequiredWindowField | OptionalWindowField;

const throughput = { name: "throughput", meaning: "successful requests or predictions per second" };

const goodput = { name: "goodput", meaning: "requests that keep all limits of each request, as a share or per second" };
const UNLIMITED = "no request has all of the times that are limited";

/**
 * Every metric of a window. A new one is a row here, and its computation in `measure/window/summarise_window.ts`; results
 * file, gate, comparison, CSV and help follow.
 *
 * - `requestsPerSecond`: requests answered successfully per second; `null` if none was
 * - `predictionsPerSecond`: successful requests times batch size, per second; `null` if none was
 * - `errorRate`: failed share of requests, unanswered ones among them, 0 to 1 (Wilson); `null` if none ended
 * - `outputTokensPerSecond`: output tokens of streamed answers by the moment at which they came, those of an answer spread
 *   evenly from its first to its last chunk; answers that began before the window or ended behind it count with their part
 * - `promptTokensPerSecond`: prompt tokens whose answer began in the window
 * - `goodShare`: share of the requests that kept all limits, of those that could be held against them
 * - `goodRequestsPerSecond`, `goodTokensPerSecond`: such requests per second, in an open loop by when they were due, and the
 *   output tokens of their answers
 * - `backlogGrowthPerSecond`: how fast the unanswered requests of an open loop grew; `null` where it was too short
 */
export const WINDOW_METRICS: readonly WindowMetric[] = [
  {
    field: "requestsPerSecond",
    id: "requests_per_second",
    label: "throughput",
    unit: "requests/s",
    better: "more",
    gate: throughput,
  },
  {
    field: "predictionsPerSecond",
    id: "predictions_per_second",
    label: "throughput",
    unit: "predictions/s",
    better: "more",
    gate: throughput,
  },
  {
    field: "errorRate",
    id: "error_rate",
    label: "errors",
    unit: "share",
    better: "less",
    missing: "no request ended",
    gate: { name: "errors", meaning: "failed share of the requests" },
  },
  {
    field: "backlogGrowthPerSecond",
    id: "backlog_growth",
    label: "growth of the backlog",
    unit: "requests/s",
    better: "less",
    missing: "it is told of open loops of some seconds",
    optional: true,
  },
  {
    field: "outputTokensPerSecond",
    id: "output_tokens_per_second",
    label: "output tokens",
    unit: "tokens/s",
    better: "more",
    missing: "the server does not count tokens, or contradicts itself",
    optional: true,
    streamedOnly: true,
    gate: { name: "output", meaning: "output tokens per second, of all answers together" },
  },
  {
    field: "promptTokensPerSecond",
    id: "prompt_tokens_per_second",
    label: "prompt tokens",
    unit: "tokens/s",
    better: "more",
    missing: "the server does not count tokens, or contradicts itself",
    optional: true,
    streamedOnly: true,
  },
  {
    field: "goodShare",
    id: "good_share",
    label: "share of goodput",
    unit: "share",
    better: "more",
    missing: UNLIMITED,
    optional: true,
    limitedOnly: true,
    gate: goodput,
  },
  {
    field: "goodRequestsPerSecond",
    id: "goodput_requests_per_second",
    label: "goodput",
    unit: "requests/s",
    better: "more",
    missing: UNLIMITED,
    optional: true,
    limitedOnly: true,
    gate: goodput,
  },
  {
    field: "goodTokensPerSecond",
    id: "goodput_tokens_per_second",
    label: "goodput in output tokens",
    unit: "tokens/s",
    better: "more",
    missing: "no request has all of the times that are limited, or the server does not count tokens",
    optional: true,
    limitedOnly: true,
  },
];

/** The estimates of a window. */
export type WindowEstimates =
  & { readonly [Field in RequiredWindowField]: Estimate | null }
  & { readonly [Field in OptionalWindowField]?: Estimate | null };

/** {@linkcode WindowEstimates} in a results file, as entries of the window's schema; older files lack newer metrics. */
export const windowEstimateEntries: v.ObjectEntries = Object.fromEntries(
  WINDOW_METRICS.map((
    { field, optional },
  ) => [field, optional ? v.exactOptional(nullableEstimate) : v.optional(nullableEstimate, null)]),
);
