/**
 * How often the intervals of several methods hold the mean latency of one worker before an open loop of 5 s, by simulation:
 *
 *     deno run --config tests/deno.json -A tests/stats/estimates/queue_rivals.ts [RUNS]
 *
 * @module
 */
import { seededRandom } from "../../../src/core/random.ts";
import { studentTMultiplier } from "../../../src/stats/confidence_level.ts";
import { distribution } from "../../../src/stats/estimates/distribution.ts";
import { meanEstimate } from "../../../src/stats/estimates/mean_estimate.ts";
import { foundWaiting, queueEffect, queueWeight } from "../../../src/stats/estimates/queue_effect.ts";

const SERVICE_MS = 5, WARM_UP_MS = 1000, WINDOW_MS = 5000, LEVEL = 0.95;

/** Independent arrivals at one worker of exponential service times, from empty on. */
interface QueueRun {
  readonly dueMs: readonly number[];
  readonly endedMs: readonly number[];
  /** The first that counts. */
  readonly from: number;
}

/** An end is `null` where it is refused. */
type Interval = { readonly low: number | null; readonly high: number | null };

function simulate(load: number, seed: number): QueueRun {
  const random = seededRandom(seed);
  const draw = (meanMs: number) => -meanMs * Math.log(1 - random());
  const dueMs: number[] = [], endedMs: number[] = [];
  for (let atMs = draw(SERVICE_MS / load); atMs < WARM_UP_MS + WINDOW_MS; atMs += draw(SERVICE_MS / load)) {
    dueMs.push(atMs);
    endedMs.push(Math.max(atMs, endedMs.at(-1) ?? 0) + draw(SERVICE_MS));
  }
  return { dueMs, endedMs, from: dueMs.findIndex((ms) => ms >= WARM_UP_MS) };
}

const latenciesOf = ({ dueMs, endedMs, from }: QueueRun) => endedMs.slice(from).map((ms, i) => ms - dueMs[from + i]!);
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Student's t over so many batches, on a scale and back. */
function batches(values: readonly number[], count: number, to = (x: number) => x, back = to): Interval {
  const size = Math.floor(values.length / count);
  const means = Array.from({ length: count }, (_, k) => to(meanOf(values.slice(k * size, (k + 1) * size))));
  const middle = meanOf(means);
  const variance = means.reduce((sum, mean) => sum + (mean - middle) ** 2, 0) / (count - 1);
  const reach = studentTMultiplier(LEVEL, count - 1) * Math.sqrt(variance / count);
  return { low: back(middle - reach), high: back(middle + reach) };
}

/** Cycles from one arrival that finds nobody to the next; the mean is a ratio (M. A. Crane and D. L. Iglehart, 1975). */
function regeneration(run: QueueRun): Interval {
  const cycles: { sum: number; count: number }[] = [];
  for (const [i, latency] of latenciesOf(run).entries()) {
    const at = run.from + i;
    if ((run.endedMs[at - 1] ?? 0) <= run.dueMs[at]!) cycles.push({ sum: 0, count: 0 });
    const cycle = cycles.at(-1);
    if (cycle === undefined) continue;
    cycle.sum += latency;
    cycle.count++;
  }
  if (cycles.length < 3) return { low: null, high: null };
  const count = meanOf(cycles.map((cycle) => cycle.count)), mean = meanOf(cycles.map((cycle) => cycle.sum)) / count;
  const squares = cycles.reduce((sum, cycle) => sum + (cycle.sum - mean * cycle.count) ** 2, 0);
  const deviation = Math.sqrt(squares / (cycles.length - 1) / cycles.length) / count;
  const reach = studentTMultiplier(LEVEL, cycles.length - 1) * deviation;
  return { low: mean - reach, high: mean + reach };
}

function byQueue(run: QueueRun): Interval {
  const moments = { dueMs: Float64Array.from(run.dueMs), endedMs: Float64Array.from(run.endedMs), fromMs: WARM_UP_MS };
  const latencies = latenciesOf(run), found = run.dueMs.slice(run.from).map((ms) => foundWaiting(moments, ms));
  return distribution(latencies, LEVEL, queueEffect(queueWeight(moments), latencies, found))!.mean;
}

/** The methods, by name. */
export const RIVALS: readonly (readonly [name: string, intervalOf: (run: QueueRun) => Interval])[] = [
  ["batch means as of any series", (run) => meanEstimate(latenciesOf(run), LEVEL)],
  ["five batches", (run) => batches(latenciesOf(run), 5)],
  ["three batches, log", (run) => batches(latenciesOf(run), 3, Math.log, Math.exp)],
  ["regeneration", regeneration],
  ["how well the queue is known", byQueue],
];

/**
 * Coverage of one method at one load, an end that is refused ruling nothing out; the share of runs without an upper end; and the
 * median half width of the others, relative to the truth.
 */
export function fareOf(intervalOf: (run: QueueRun) => Interval, load: number, runs: number) {
  const truth = SERVICE_MS / (1 - load);
  let covered = 0, refused = 0;
  const widths: number[] = [];
  for (let seed = 1; seed <= runs; seed++) {
    const { low, high } = intervalOf(simulate(load, seed));
    if ((low ?? 0) <= truth && truth <= (high ?? Infinity)) covered++;
    if (high === null) refused++;
    else widths.push((high - (low ?? 0)) / 2 / truth);
  }
  widths.sort((a, b) => a - b);
  return { covered: covered / runs, refused: refused / runs, halfWidth: widths[widths.length >> 1] ?? null };
}

if (import.meta.main) {
  const runs = Number(Deno.args[0] ?? 400);
  const percent = (share: number | null) => (share === null ? "" : `${Math.round(100 * share)} %`).padStart(8);
  const rows = [`${"".padEnd(30)}load  covered  refused  half width`];
  for (const [name, intervalOf] of RIVALS) {
    for (const load of [0.5, 0.8, 0.95]) {
      const { covered, refused, halfWidth } = fareOf(intervalOf, load, runs);
      rows.push(
        `${name.padEnd(30)}${percent(load).slice(4)} ${percent(covered)} ${percent(refused)}    ${percent(halfWidth)}`,
      );
    }
  }
  // deno-lint-ignore no-console -- this is a command
  console.log(rows.join("\n"));
}
