import type { AbOptions } from "../measure/settings/options.ts";
import type { Estimate } from "../core/estimate.ts";
import type { BlockSide, PairedBlock, PairedEffect, PairedResult } from "../results/ab.ts";
import { seededRandom } from "../core/random.ts";
import type { TargetDescription } from "../results/report.ts";
import type { ResultBase } from "../results/result.ts";
import type { Target } from "../core/target.ts";
import { DEFAULT_LEVEL, missProbability, studentTMultiplier } from "../stats/confidence_level.ts";
import { differenceEstimate } from "../stats/estimates/difference_estimate.ts";
import { type Pair, pairedRatioEstimate } from "../stats/estimates/paired_ratio_estimate.ts";
import { normalQuantile } from "../stats/probability.ts";
import { checkOptions } from "../measure/settings/check_options.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import { type LevelLoad, summariseLevel, type Visit, visitLevel } from "../measure/level.ts";
import { runSession, type Session } from "../measure/session.ts";

/** Length of a visit where nothing else is asked for, ms. */
const VISIT_MS = { usual: 500, quick: 250 };
/** Fewest requests of a visit: of fewer the rounding of the first and last would show. */
const FEWEST_REQUESTS = 8;
/** How long both servers are warmed up before, ms. */
const WARM_UP = { durationMs: 1000, minimumMs: 500, minimumRequests: 50 };
/** A visit that takes so many times longer than expected is cut. */
const PATIENCE = 20;
const LEAST_PATIENCE_MS = 5000;
const POWER = 0.8;

/**
 * Is the second server faster than the first? Both are measured alternately in one run, in blocks of four visits, ABBA or
 * BAAB by a seeded coin (R. A. Fisher, "The Design of Experiments", 1935): what changes slowly on the machine meets both
 * alike and cancels, where two runs one after the other would take it for a difference. Only one server is
 * under load at a time. The effect is the ratio of the two within each block, its interval Student's over the blocks.
 *
 * @param targetA The first server, which the second is held against.
 * @param targetB The second.
 * @param options Concurrency, batch size, blocks and bounds of the visits.
 * @returns Effects of throughput and latency; the verdict is that of the throughput.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runAbTest(targetA: Target, targetB: Target, options: AbOptions = {}): Promise<PairedResult> {
  checkOptions(options);
  const { concurrency = defaultOf("concurrency"), batchSize = defaultOf("batchSize") } = options;
  const visits: LevelOptionsOfVisits = { ...options, warmUpRequests: options.warmUpRequests ?? concurrency };
  return await runSession<PairedResult>("ab", targetA, visits, async (a) => {
    let own: Omit<PairedResult, keyof ResultBase>;
    const { onProgress: _, ...quiet } = visits;
    const other = await runSession<ResultBase>("ab", targetB, quiet, async (b) => {
      own = await alternate({ a, b }, { concurrency, batchSize }, options);
      return {};
    });
    a.partial ??= other.partial;
    return own!;
  });
}

type LevelOptionsOfVisits = AbOptions & { readonly warmUpRequests: number };
type Sessions = { readonly a: Session; readonly b: Session };

async function alternate(
  sessions: Sessions,
  load: LevelLoad,
  options: AbOptions,
): Promise<Omit<PairedResult, keyof ResultBase>> {
  const { a, b } = sessions;
  const { blocks: count = defaultOf("blocks", options) } = options;
  const random = seededRandom(a.seed);
  const budget = await visitBudget(sessions, load, options, count);
  const all: Record<"a" | "b", Visit[]> = { a: [], b: [] };
  const blocks: PairedBlock[] = [];
  while (blocks.length < count) {
    const order = random() < 0.5 ? "ABBA" : "BAAB";
    const block: Record<"a" | "b", Visit[]> = { a: [], b: [] };
    for (const [i, letter] of [...order].entries()) {
      if (a.partial !== null || b.partial !== null) break;
      const side = letter === "A" ? "a" : "b";
      a.progress(`block ${blocks.length + 1} of ${count}, server ${letter}`, (blocks.length + i / 4) / count);
      block[side].push(await visitLevel(sessions[side], load, budget));
    }
    // Half a block would let drift in.
    if (a.partial !== null || b.partial !== null) break;
    all.a.push(...block.a);
    all.b.push(...block.b);
    blocks.push({ order, a: sideOf(block.a, load), b: sideOf(block.b, load) });
  }
  const [wholeA, wholeB] = [all.a, all.b].map((visits) => summariseLevel(visits, load.batchSize).measurement);
  const throughput = effectOf(blocks, "requestsPerSecond", "more", DEFAULT_LEVEL);
  const together = 1 - missProbability(DEFAULT_LEVEL) / 2;
  if (throughput.ratio === null) a.absences["effects"] = "no block has successes of both servers";
  return {
    kind: "ab",
    seed: a.seed,
    ...load,
    requestsPerVisit: budget.requests,
    a: { target: describe(a.target), ...wholeA! },
    b: { target: describe(b.target), ...wholeB! },
    blocks,
    effects: {
      throughput,
      p50: effectOf(blocks, "p50Ms", "less", together),
      p95: effectOf(blocks, "p95Ms", "less", together),
    },
    errorDifference: wholeA!.errorRate && wholeB!.errorRate && differenceEstimate(wholeB!.errorRate, wholeA!.errorRate),
    verdict: throughput.verdict,
  };
}

/** Warms both up, and takes from it how many requests a visit needs: the same of both, for the same work. */
async function visitBudget({ a, b }: Sessions, load: LevelLoad, options: AbOptions, blocks: number) {
  const rates: number[] = [];
  for (const [session, name] of [[a, "A"], [b, "B"]] as const) {
    a.progress(`warming up server ${name}`, 0);
    const { measurement } = summariseLevel([await visitLevel(session, load, WARM_UP)], load.batchSize);
    rates.push(measurement.requestsPerSecond?.value ?? 0);
  }
  const slower = Math.min(...rates);
  const visitMs = options.durationMs === undefined
    ? (options.quick ? VISIT_MS.quick : VISIT_MS.usual)
    : options.durationMs / (2 * blocks);
  const fewest = Math.max(FEWEST_REQUESTS, 2 * load.concurrency);
  const requests = options.requests ?? Math.max(fewest, Math.round(slower * visitMs / 1000));
  const expectedMs = slower === 0 ? 0 : 1000 * requests / slower;
  return {
    durationMs: Math.max(LEAST_PATIENCE_MS, PATIENCE * expectedMs),
    minimumMs: 0,
    minimumRequests: 0,
    requests,
  };
}

function sideOf(visits: readonly Visit[], { batchSize }: LevelLoad): BlockSide {
  const { requestsPerSecond, latencyMs } = summariseLevel(visits, batchSize).measurement;
  return {
    requestsPerSecond: requestsPerSecond?.value ?? null,
    p50Ms: latencyMs?.p50.value ?? null,
    p95Ms: latencyMs?.p95.value ?? null,
  };
}

function effectOf(
  blocks: readonly PairedBlock[],
  figure: keyof BlockSide,
  better: "more" | "less",
  level: number,
): PairedEffect {
  const pairs = blocks.flatMap(({ a, b }): Pair[] => {
    const pair = { a: a[figure], b: b[figure] };
    return pair.a !== null && pair.b !== null && pair.a > 0 && pair.b > 0 ? [{ a: pair.a, b: pair.b }] : [];
  });
  const ratio = pairedRatioEstimate(pairs, level);
  if (ratio === null || ratio.low === null || ratio.high === null) {
    return { ratio, verdict: "cannot tell", smallestShown: null };
  }
  const direction = ratio.low > 1 ? "more" : ratio.high < 1 ? "less" : null;
  const verdict = direction === null ? "no difference found" : direction === better ? "better" : "worse";
  return { ratio, verdict, smallestShown: smallestShown(ratio, ratio.high) };
}

/** What exceeds the half width by as much as luck may take from it in one run of five. */
function smallestShown({ value, level, n }: Estimate, high: number): number {
  const halfWidth = Math.log(high / value);
  return Math.expm1(halfWidth * (1 + normalQuantile(POWER) / studentTMultiplier(level, n - 1)));
}

function describe({ url, protocol, model, embedded, description }: Target): TargetDescription {
  return { url, protocol: protocol.name, model, embedded, device: description.device };
}
