/**
 * How often an open loop is said to be kept up with, and the server to be saturated, by simulation:
 *
 *     deno run --config tests/deno.json -A tests/stats/trend/offered_loads.ts [RUNS [FIRST_SEED]]
 *
 * @module
 */
import { seededRandom } from "../../../src/core/random.ts";
import { type BacklogVerdict, backlogVerdict, type OfferedMoments } from "../../../src/stats/trend/backlog_verdict.ts";

const CAPACITY = 200, WARM_UP_MS = 1000;

/** Coefficient of variation of lognormal service times, and how much of a deviation the next one keeps. */
const LOGNORMAL = {
  heavy: { variation: 1.5, kept: 0 },
  autocorrelated: { variation: 1, kept: 0.9 },
};

/** Share of the time of a full batch that an empty one would take. */
const ALONE = 0.6;

/** What arrives at whom: arrivals at workers that can answer 200 a second together, from empty on. */
export interface Offered {
  /** As a share of what they can answer. */
  readonly load: number;
  /** How many. */
  readonly workers: number;
  /** Length of the window, after one second of warm-up. */
  readonly seconds: number;
  /** Whether arrivals come at even distances; else they are independent. */
  readonly evenly?: boolean;
  /** How service times vary. @default {"exponential"} */
  readonly service?: "exponential" | "constant" | keyof typeof LOGNORMAL;
  /** Most requests that a worker answers at once, in little more time than one. @default {1} */
  readonly batchSize?: number;
}

/**
 * One run.
 *
 * @param offered What arrives at whom.
 * @param seed Of all that is random.
 */
export function offeredMoments(
  { load, workers, seconds, evenly = false, service = "exponential", batchSize = 1 }: Offered,
  seed: number,
): OfferedMoments {
  const random = seededRandom(7919 * seed + workers);
  const exponential = (meanMs: number) => -meanMs * Math.log(1 - random());
  const normal = () => Math.sqrt(exponential(2)) * Math.cos(2 * Math.PI * random());
  let deviation = normal();
  const serviceMs = (meanMs: number) => {
    if (service === "constant") return meanMs;
    if (service === "exponential") return exponential(meanMs);
    const { variation, kept } = LOGNORMAL[service];
    deviation = kept * deviation + Math.sqrt(1 - kept ** 2) * normal();
    const variance = Math.log(1 + variation ** 2);
    return meanMs * Math.exp(Math.sqrt(variance) * deviation - variance / 2);
  };
  const gapMs = 1000 / CAPACITY / load, toMs = WARM_UP_MS + 1000 * seconds;
  const dueMs: number[] = [], endedMs: number[] = [], freeMs = Array<number>(workers).fill(0);
  for (let atMs = 0; atMs < toMs; atMs += evenly ? gapMs : exponential(gapMs)) dueMs.push(atMs);
  for (let i = 0; i < dueMs.length;) {
    const worker = freeMs.indexOf(Math.min(...freeMs));
    const startMs = Math.max(freeMs[worker]!, dueMs[i]!);
    const batch = dueMs.slice(i, i + batchSize).filter((ms) => ms <= startMs).length;
    const full = serviceMs(1000 * workers * batchSize / CAPACITY);
    freeMs[worker] = startMs + full * (ALONE + (1 - ALONE) * batch / batchSize);
    for (const end = i + batch; i < end; i++) endedMs.push(freeMs[worker]!);
  }
  return {
    dueMs: Float64Array.from(dueMs),
    endedMs: Float64Array.from(endedMs).sort(),
    fromMs: WARM_UP_MS,
    toMs,
    gapMs,
  };
}

/**
 * In how many of so many runs a verdict is told.
 *
 * @param offered What arrives at whom.
 * @param runs How many.
 * @param verdict Which one.
 */
export function told(offered: Offered, runs: number, verdict: BacklogVerdict): number {
  return verdicts(offered, runs, 1).filter((each) => each === verdict).length;
}

function verdicts(offered: Offered, runs: number, firstSeed: number): BacklogVerdict[] {
  return Array.from({ length: runs }, (_, i) => backlogVerdict(offeredMoments(offered, firstSeed + i)));
}

if (import.meta.main) {
  const [runs = 200, firstSeed = 1] = Deno.args.map(Number);
  const loads = [0.5, 0.8, 0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 1.3];
  const lines = [["load", ...loads.map((load) => `${Math.round(100 * load)} %`)]];
  const kinds: readonly Pick<Offered, "service" | "batchSize">[] = [
    {},
    { service: "heavy" },
    { service: "autocorrelated" },
    { batchSize: 8 },
  ];
  for (const kind of kinds) {
    for (const workers of kind.batchSize === undefined ? [1, 4] : [1]) {
      for (const seconds of [2, 5, 20]) {
        const cells = loads.map((load) => {
          const all = verdicts({ ...kind, load, workers, seconds }, runs, firstSeed);
          const share = (verdict: BacklogVerdict) => 100 * all.filter((each) => each === verdict).length / runs;
          return `${Math.round(share("kept up"))}, ${Math.round(share("saturated"))}`;
        });
        lines.push([[...Object.values(kind), workers, `${seconds} s`].join(" "), ...cells]);
      }
    }
  }
  // deno-lint-ignore no-console -- this is a command
  console.log(lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
}
