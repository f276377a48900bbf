import type { ScalabilityOptions, ThroughputOptions } from "../../src/measure/settings/options.ts";
import type { LeftLevel } from "../../src/results/window/left_level.ts";
import { uslLeastSquares } from "../../src/stats/scaling/usl_least_squares.ts";
import { runScalabilityTest } from "../../src/test_types/scalability.ts";
import { runThroughputTest } from "../../src/test_types/throughput.ts";
import type { Estimate } from "../../src/core/estimate.ts";
import type { ScalabilityResult } from "../../src/results/kinds/scalability.ts";
import type { ThroughputResult } from "../../src/results/kinds/throughput.ts";
import { accounted, accountedRatio, clientFactor } from "./client_account.ts";
import { convergedVerdict, type Measure, type Settle, spansOf } from "./measure.ts";
import { numberOf, type Observation, pointOf, toldVerdict, verdictOf } from "./observation.ts";
import type { ServerBehaviour } from "./server_behaviour.ts";
import {
  type LevelTruth,
  levelTruth,
  rightOptima,
  trueKnee,
  truePlateau,
  type TrueRate,
  type TruthLoad,
} from "./truth.ts";

/** The truth of each level, by what the way added under its load while it was measured. */
async function levelTruths(
  result: ThroughputResult | ScalabilityResult,
  loads: readonly TruthLoad[],
  settle: Settle,
): Promise<LevelTruth[]> {
  const truths: LevelTruth[] = [];
  for (const [i, load] of loads.entries()) {
    truths.push(levelTruth(await settle(load, spansOf(result, result.levels[i]!)), load));
  }
  return truths;
}

/** What a sweep says of its optimum. */
interface SaidOptimum {
  readonly optimal: number | null;
  readonly equivalent: readonly number[];
  readonly left?: readonly LeftLevel[] | undefined;
  /** Where there are any, the optimum is a guess. */
  readonly rivals?: readonly number[] | undefined;
}

/** Levels whose true rates differ by less are equal. */
const EQUAL = 0.001;

/**
 * Whether the optimum is a right one, and what of the best speed its true speed loses, %; whether all that are truly equal to the
 * best are listed; and whether a right one was left among those that were visited twice.
 */
function optimumObservations(
  rates: readonly TrueRate[],
  { optimal, equivalent, left = [], rivals = [] }: SaidOptimum,
): Observation[] {
  const highest = Math.max(...rates.map(({ rate }) => rate));
  const chosen = rates.find(({ level }) => level === optimal);
  const equal = rates.filter(({ rate }) => rate > (1 - EQUAL) * highest);
  const out = left.map(({ level }) => level);
  const right = rightOptima(rates);
  return [
    verdictOf("optimum", optimal === null || rivals.length > 0 ? null : right.includes(optimal), optimal),
    verdictOf("equals", optimal === null ? null : equal.every(({ level }) => equivalent.includes(level)), equivalent),
    verdictOf("left levels", left.length === 0 ? null : right.some((level) => !out.includes(level)), out),
    pointOf("lost by the optimum, %", 0, chosen === undefined ? null : 100 * (1 - chosen.rate / highest)),
  ];
}

/** Rates, speed-ups, optimum and plateau of the throughput test. `drifting`: only what drift leaves true. */
export function measureThroughput(own: ThroughputOptions = {}, drifting = false): Measure {
  return async (target, options, settle) => {
    const result = await runThroughputTest(target, { ...own, ...options });
    const { concurrency = 1 } = own;
    const truths = await levelTruths(
      result,
      result.levels.map(({ batchSize }) => ({ concurrency, batchSize })),
      settle,
    );
    const rates = result.levels.map(({ batchSize: level }, i) => ({ level, rate: truths[i]!.predictionsPerSecond }));
    const highest = Math.max(...rates.map(({ rate }) => rate));
    const relative = [
      ...result.levels.slice(1).map((level, i) =>
        numberOf(
          "speed-up",
          rates[i + 1]!.rate / rates[0]!.rate,
          accountedRatio(level.speedup, level, result.levels[0]!),
        )
      ),
      ...optimumObservations(rates, {
        optimal: result.optimalBatchSize,
        equivalent: result.equivalentBatchSizes,
        left: result.left,
        rivals: result.optimumRivals,
      }),
      toldVerdict("plateau", truePlateau(rates), result.plateauBatchSize, result.absences["plateauBatchSize"]),
    ];
    if (drifting) return relative;
    const { maxPredictionsPerSecond: predictionsPerSecond } = result;
    const best = result.levels.find((level) => level.predictionsPerSecond?.value === predictionsPerSecond?.value);
    return [
      numberOf(
        "max predictions/s",
        highest,
        best ? accounted({ ...best, predictionsPerSecond }).predictionsPerSecond : null,
      ),
      ...result.levels.flatMap((level, i) => [
        numberOf("predictions/s", rates[i]!.rate, accounted(level).predictionsPerSecond),
        numberOf("p95 latency", truths[i]!.p95Ms, accounted(level).latencyMs?.p95 ?? null),
        convergedVerdict(level, truths[i]!),
      ]),
      ...relative,
    ];
  };
}

/** Rates, law, knee, optimum and degradation of the scalability test. */
export function measureScalability(own: ScalabilityOptions = {}): Measure {
  return async (target, options, settle) => {
    const result = await runScalabilityTest(target, { ...own, ...options });
    const loads = result.levels.map(({ concurrency }) => ({ concurrency, batchSize: 1 }));
    const truths = await levelTruths(result, loads, settle);
    const rates = result.levels.map(({ concurrency: level }, i) => ({ level, rate: truths[i]!.requestsPerSecond }));
    const highest = Math.max(...rates.map(({ rate }) => rate));
    return [
      ...result.levels.flatMap((level, i) => [
        numberOf("requests/s", rates[i]!.rate, accounted(level).requestsPerSecond),
        numberOf("p95 latency", truths[i]!.p95Ms, accounted(level).latencyMs?.p95 ?? null),
        convergedVerdict(level, truths[i]!),
      ]),
      numberOf("degradation %", 100 * (highest - rates.at(-1)!.rate) / highest, accountedDegradation(result)),
      ...optimumObservations(rates, {
        optimal: result.optimalConcurrency,
        equivalent: result.equivalentConcurrencies,
        left: result.left,
        rivals: result.optimumRivals,
      }),
      toldVerdict("knee", trueKnee(rates), result.kneeConcurrency, result.absences["kneeConcurrency"]),
      ...lawNumbers(await settle(), rates, result),
    ];
  };
}

function higherBy(factor: number, estimate: Estimate): Estimate {
  return { ...estimate, high: estimate.high === null || !Number.isFinite(factor) ? null : factor * estimate.high };
}

/** What is lost at the highest level, as the ratio that it comes from says it where the client's part is believed. */
function accountedDegradation({ degradationPercent, levels }: ScalabilityResult): Estimate | null {
  if (degradationPercent === null) return null;
  const turned = (estimate: Estimate, turn: (x: number) => number): Estimate => {
    const { value, low, high } = estimate;
    return {
      ...estimate,
      value: turn(value),
      low: high === null ? null : turn(high),
      high: low === null ? null : turn(low),
    };
  };
  const best = levels.reduce((a, b) => (b.requestsPerSecond?.value ?? 0) > (a.requestsPerSecond?.value ?? 0) ? b : a);
  const ratio = turned(degradationPercent, (percent) => 1 - percent / 100);
  return turned(accountedRatio(ratio, levels.at(-1)!, best)!, (share) => 100 * (1 - share));
}

/** The law that a perfect measurement would find: the one through the true rates, which hold the way to the server. */
function lawNumbers(
  { usl: law }: ServerBehaviour,
  rates: readonly TrueRate[],
  { usl, levels }: ScalabilityResult,
) {
  if (!law) return [];
  const [lambda, sigma, kappa] = uslLeastSquares(
    rates.map(({ level, rate }) => ({ n: level, ratePerSecond: rate, weight: 1 / rate ** 2 })),
  );
  const told = usl?.lambda ?? null, [alone] = levels;
  return [
    // The rate of one client, which waits for itself as well.
    numberOf("lambda", lambda, told && alone ? higherBy(clientFactor(alone), told) : told),
    numberOf("sigma", sigma, usl?.sigma ?? null),
    numberOf("kappa", kappa, usl?.kappa ?? null),
    ...(law.kappa === 0
      ? []
      : [pointOf("peak concurrency", Math.sqrt((1 - sigma) / kappa), usl?.peakConcurrency ?? null)]),
  ];
}
