import type { Estimate } from "../../core/estimate.ts";
import type { Figure } from "../figure.ts";
import { type Measured, NONE_SUCCEEDED, reading } from "../measured.ts";
import type { Unit } from "../units.ts";
import { rateOfServer } from "./at_least.ts";
import type { GpuUse } from "./gpu_use.ts";
import { REQUEST_METRICS, type RequestMetric } from "./request_metrics.ts";
import type { ServerTime, Window } from "./window.ts";
import { WINDOW_METRICS } from "./window_metrics.ts";

/** A figure of one window. */
export interface WindowFigure extends Figure<Window> {
  /** The time of each request that it is taken of; left out where it is of none. */
  readonly metric?: RequestMetric;
}

/** What objectives and tables take of a distribution. */
const MEMBERS = [
  ["mean", "mean", "mean", null],
  ["p50", "median", "median of the", 0.5],
  ["p90", "p90", "90th percentile of the", 0.9],
  ["p95", "p95", "95th percentile of the", 0.95],
  ["p99", "p99", "99th percentile of the", 0.99],
] as const;

const orNone = (estimate: Estimate | null | undefined, code: string, detail: string = NONE_SUCCEEDED): Measured =>
  estimate ?? { code, detail };

/** Why a window has no distribution of some metric. */
const missing = ({ field, absence }: RequestMetric, { succeeded }: Window): Measured => ({
  code: field,
  detail: succeeded === 0 ? NONE_SUCCEEDED : absence,
});

const UNLIMITED: Measured = { code: "goodput", detail: "no limits were given that each request must keep" };

const TOO_FEW: Measured = { code: "p999", detail: "so few requests do not show it" };

function figuresOf(metric: RequestMetric): WindowFigure[] {
  const { field, id, label, gatePrefix, unit = "ms", better = "less" } = metric;
  const extreme = (member: "min" | "max", { [field]: distribution }: Window) => {
    if (!distribution) return null;
    // What was seen is judged as that: of what was not seen it says nothing.
    const value = distribution[member];
    return { value, low: value, high: value, level: distribution.mean.level, n: distribution.n };
  };
  const gateOf = (member: string, meaning: string) =>
    gatePrefix === undefined ? {} : { gate: { name: `${gatePrefix}${member}`, meaning: `${meaning} ${label}` } };
  const base = { unit, better, metric, ...metric.streamedOnly && { isRare: true as const } } as const;
  return [
    ...MEMBERS.map(([member, word, meaning, quantile]): WindowFigure => ({
      ...base,
      id: `${id}_${member}`,
      label: `${word} ${label}`,
      read: (window) => window[field]?.[member] ?? missing(metric, window),
      ...(quantile === null ? {} : { quantile }),
      ...gateOf(member, meaning),
    })),
    {
      ...base,
      id: `${id}_p999`,
      label: `p99.9 ${label}`,
      quantile: 0.999,
      read: (window) => window[field]?.p999 ?? (window[field] ? TOO_FEW : missing(metric, window)),
    },
    {
      ...base,
      id: `${id}_max`,
      label: `longest ${label}`,
      quantile: 1,
      read: (window) => extreme("max", window) ?? missing(metric, window),
      ...gateOf("max", "longest"),
    },
    {
      ...base,
      id: `${id}_min`,
      label: `shortest ${label}`,
      read: (window) => extreme("min", window) ?? missing(metric, window),
    },
  ];
}

/** Means from the server's own counters, per request where nothing else is counted. */
function serverFigure(
  id: string,
  label: string,
  unit: Unit,
  read: (server: ServerTime) => number | null | undefined,
  countOf: (server: ServerTime) => number | null | undefined = ({ requests }) => requests,
) {
  return {
    id,
    label,
    unit,
    better: "less",
    read: ({ server }) =>
      orNone(
        server ? reading(read(server), countOf(server) ?? server.requests) : null,
        "server",
        "the server does not count it",
      ),
  } satisfies WindowFigure;
}

/** What the server's GPUs did. */
function gpuFigure(
  figure: Pick<WindowFigure, "id" | "label" | "unit" | "better" | "gate">,
  field: keyof GpuUse,
  read: (gpu: GpuUse) => Estimate | null,
): WindowFigure {
  return {
    ...figure,
    isRare: true,
    read: ({ gpu }) =>
      gpu ? orNone(read(gpu), `gpu.${field}`, "the GPU does not tell it") : orNone(null, "gpu", "no GPU was seen"),
  };
}

/** Every figure of a window: those of `WINDOW_METRICS` and of `REQUEST_METRICS`, what the server counted, and its GPUs. */
export const WINDOW_FIGURES: readonly WindowFigure[] = [
  ...WINDOW_METRICS.map(({ field, missing, optional: _, streamedOnly, limitedOnly, ...figure }): WindowFigure => ({
    ...figure,
    ...(streamedOnly || limitedOnly) && { isRare: true as const },
    read: (window) =>
      limitedOnly && window.goodput === undefined
        ? UNLIMITED
        : orNone(figure.better === "more" ? rateOfServer(window[field], window) : window[field], field, missing),
  })),
  ...REQUEST_METRICS.flatMap(figuresOf),
  serverFigure("server_queue", "queue in the server", "ms", ({ queueMs }) => queueMs),
  serverFigure("server_compute", "computation in the server", "ms", ({ computeMs }) => computeMs),
  serverFigure("server_input", "preparing inputs", "ms", ({ inputMs }) => inputMs),
  serverFigure("server_output", "preparing outputs", "ms", ({ outputMs }) => outputMs),
  serverFigure("outside_server", "outside the server", "ms", ({ restMs }) => restMs),
  serverFigure(
    "executed_batch_size",
    "items in an execution",
    "items",
    ({ meanBatch }) => meanBatch,
    ({ executions }) => executions,
  ),
  gpuFigure(
    {
      id: "energy_per_prediction",
      label: "energy a prediction",
      unit: "J",
      better: "less",
      gate: { name: "energy", meaning: "energy of the server's GPUs for each prediction" },
    },
    "energyPerPrediction",
    ({ energyPerPrediction }) => energyPerPrediction,
  ),
  gpuFigure(
    { id: "gpu_power", label: "power of the GPUs", unit: "W", better: "less" },
    "powerWatts",
    ({ powerWatts, readings }) => reading(powerWatts, readings),
  ),
  gpuFigure(
    { id: "gpu_utilization", label: "utilisation of the GPUs", unit: "percent", better: "more" },
    "utilizationPercent",
    ({ utilizationPercent, readings }) => reading(utilizationPercent, readings),
  ),
];

/**
 * The figure of a window by its id.
 *
 * @param id Of {@linkcode WINDOW_FIGURES}.
 * @throws {RangeError} If there is none.
 */
export function windowFigure(id: string): WindowFigure {
  const found = WINDOW_FIGURES.find((figure) => figure.id === id);
  if (found === undefined) throw new RangeError(`Cannot read a figure as there must be one of that id: found ${id}`);
  return found;
}
