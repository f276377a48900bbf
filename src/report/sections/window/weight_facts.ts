import type { Window } from "../../../results/result.ts";
import { LEAST_WEIGHT_OF_MEAN } from "../../../stats/estimates/distribution.ts";
import { formatTime } from "../../../words/quantity.ts";
import { weightInWords } from "../../../words/window/weight_in_words.ts";
import { type Fact, fact } from "../block.ts";

/** Independent observations that an upper end needs (method 7). */
const NEEDED = { mean: LEAST_WEIGHT_OF_MEAN, p50: 6, p95: 72, p99: 368 } as const;
const NAMES = { mean: "the average", p50: "the median", p95: "p95", p99: "p99" } as const;
/** Requests that weigh as much as this share of their number are as good as independent. */
const INDEPENDENT = 0.8;
/** Nobody measures a thousand times as long. */
const MOST_TIMES = 1000;

/**
 * How many independent requests the figures of a window weigh as much as, where that is far fewer than there were or too few for
 * an interval, and about how much longer a run would tell.
 *
 * @param window The window.
 * @param prefix Of the label, where there are several.
 */
export function weightFacts({ latencyMs, requestsPerSecond, durationMs }: WeighedWindow, prefix: string = ""): Fact[] {
  if (latencyMs === null || latencyMs.mean.weight === undefined) return [];
  const { n, mean: { weight } } = latencyMs;
  const open = (["mean", "p50", "p95", "p99"] as const).filter((name) => latencyMs[name].high === null);
  if (open.length === 0 && weight >= INDEPENDENT * n) return [];
  const weighs = weightInWords(latencyMs, requestsPerSecond) ?? "";
  const needs = open.map((name) => ({ name, factor: NEEDED[name] / (latencyMs[name].weight ?? 0) }));
  const isIndependent = weight >= INDEPENDENT * n;
  return [fact(`${prefix}Evidence`, [weighs, ...enoughForAll(needs, n, durationMs, isIndependent)].join("; "))];
}

type WeighedWindow = Pick<Window, "latencyMs" | "requestsPerSecond" | "durationMs">;

/** How long a run, or how many requests where these are independent, would tell the ends that are missing. */
function enoughForAll(needs: readonly Need[], n: number, durationMs: number, isIndependent: boolean): string[] {
  if (needs.length === 0) return [];
  // A queue whose limit is not known to lie above its load at all tells nothing of how long would be enough.
  if (needs.some(({ factor }) => !(factor < MOST_TIMES))) return ["nor would a run of a sensible length tell more"];
  const told = needs.map(({ name, factor }) => {
    const enough = isIndependent ? `${roundUp(factor * n)} requests` : formatTime(roundUp(factor * durationMs));
    return `${enough} for ${NAMES[name]}`;
  });
  return [`enough would be about ${told.join(", ")}`];
}

interface Need {
  readonly name: keyof typeof NAMES;
  /** How many times as long a run it takes. */
  readonly factor: number;
}

/** To one digit. */
function roundUp(value: number): number {
  const digit = 10 ** Math.floor(Math.log10(value));
  return digit * Math.ceil(value / digit - 1e-9);
}
