import { shownVerdict, smallestShown } from "../compare/shown.ts";
import { systemClock } from "../core/clock.ts";
import { seededRandom } from "../core/random.ts";
import type { Target } from "../core/target.ts";
import { describeTarget } from "../measure/describe_target.ts";
import { shiftOf } from "../measure/level_shifts.ts";
import { measureWindow } from "../measure/window/measure_window.ts";
import { withSession } from "../measure/run_session.ts";
import type { Session } from "../measure/session.ts";
import { checkOptions } from "../measure/settings/check_options.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import type { AbOptions } from "../measure/settings/options.ts";
import { summariseWindow } from "../measure/window/summarise_window.ts";
import type { Visit } from "../measure/window/visit.ts";
import type { AbResult, AbSide, BlockSide, PairedBlock, PairedEffect } from "../results/kinds/ab.ts";
import type { Absences, ClientCheck, ResultBase } from "../results/result_base.ts";
import type { ClosedLoad } from "../results/window/load.ts";
import { DEFAULT_LEVEL, missProbability, studentTMultiplier } from "../stats/confidence_level.ts";
import { differenceEstimate } from "../stats/estimates/difference_estimate.ts";
import { differingLengths } from "../stats/ratios/differing_lengths.ts";
import { type Pair, pairedRatioEstimate } from "../stats/ratios/paired_ratio_estimate.ts";

/** Length of a visit where nothing else is asked for, ms. */
const VISIT_MS = { usual: 500, quick: 250 };
/** Fewest requests of a visit: of fewer the rounding of the first and last would show. */
const FEWEST_REQUESTS = 8;
/** How long both servers are warmed up before, ms. */
const WARM_UP = { durationMs: 1000, minimumMs: 500, minimumRequests: 50 };
/** A visit that takes so many times longer than expected is cut. */
const PATIENCE = 20;
const LEAST_PATIENCE_MS = 5000;

/**
 * Is the second server faster than the first? Both are measured alternately in one run, in blocks of four visits, ABBA or
 * BAAB by a seeded coin (R. A. Fisher, "The Design of Experiments", 1935): what changes slowly on the machine meets both
 * alike and cancels, where two runs one after the other would take it for a difference. Only one server is
 * under load at a time. The effect is the ratio of the two within each block, its interval Student's over the blocks.
 *
 * @param targetA The first server, which the second is held against.
 * @param targetB The second.
 * @param options Concurrency, batch size, blocks and bounds of the visits.
 * @returns Effects of throughput and latency; the verdict is that of the throughput, or none where answers differ in length.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runAbTest(targetA: Target, targetB: Target, options: AbOptions = {}): Promise<AbResult> {
  checkOptions(options);
  const { concurrency = defaultOf("concurrency"), batchSize = defaultOf("batchSize") } = options;
  const load = { kind: "closed", concurrency, batchSize } as const;
  const visits = { ...options, warmUpRequests: options.warmUpRequests ?? concurrency };
  const { onProgress: _, ...quiet } = visits;
  // The visits of both are told apart by their moments.
  const startedAtMs = (options.clock ?? systemClock).now();
  const { value: { inner, base: ofB }, base: ofA } = await withSession("ab", targetA, visits, undefined, async (a) => {
    const { value: inner, base } = await withSession(
      "ab",
      targetB,
      quiet,
      undefined,
      (b) => alternate({ a, b }, load, options),
      startedAtMs,
    );
    return { inner, base };
  }, startedAtMs);
  const { blocks, requestsPerVisit, seed } = inner;
  const a = sideOf(targetA, options, load, inner.visits.a, ofA);
  const b = sideOf(targetB, options, load, inner.visits.b, ofB);
  const throughput = effectOf(blocks, "requestsPerSecond", "more", DEFAULT_LEVEL);
  const together = 1 - missProbability(DEFAULT_LEVEL) / 2;
  const absences = throughput.ratio === null ? { effects: "no block has successes of both servers" } : unlike(a, b);
  return {
    kind: "ab",
    seed,
    concurrency,
    batchSize,
    requestsPerVisit,
    a,
    b,
    blocks,
    effects: {
      throughput,
      p50: effectOf(blocks, "p50Ms", "less", together),
      p95: effectOf(blocks, "p95Ms", "less", together),
    },
    errorDifference: a.errorRate && b.errorRate && differenceEstimate(b.errorRate, a.errorRate),
    verdict: "verdict" in absences ? "cannot tell" : throughput.verdict,
    ...ofA,
    client: ownClient(ofA.client, [...inner.visits.a, ...inner.visits.b]),
    // The run ends for both where one of the servers is gone.
    partial: ofA.partial ?? ofB.partial,
    ...troubleOf(ofA, ofB),
    absences,
  };
}

/** Why the throughput does not tell which server is faster. */
function unlike(a: AbSide, b: AbSide): Absences {
  const lengths = differingLengths(a, b)?.map((tokens) => Number(tokens.toPrecision(3)));
  if (lengths === undefined) return {};
  const [inA, inB] = lengths;
  return { verdict: `answers of A have ${inA} tokens on average, those of B ${inB}` };
}

/**
 * When and how one of the servers was lost, and which, the times in which either did not answer, and requests to either that
 * were sent once more.
 */
function troubleOf(a: ResultBase, b: ResultBase): Pick<ResultBase, "lost" | "outages" | "resentRequests"> {
  const named = ({ lost }: ResultBase, name: string) =>
    lost === undefined ? [] : [{ ...lost, reason: `server ${name}: ${lost.reason}` }];
  const [lost] = [...named(a, "A"), ...named(b, "B")];
  const outages = [...a.outages ?? [], ...b.outages ?? []];
  const resentRequests = (a.resentRequests ?? 0) + (b.resentRequests ?? 0);
  return {
    ...(lost === undefined ? {} : { lost }),
    ...(outages.length === 0 ? {} : { outages }),
    ...(resentRequests === 0 ? {} : { resentRequests }),
  };
}

type Sides<T> = { readonly a: T; readonly b: T };

/** What the alternation recorded. */
interface Alternation {
  readonly seed: number;
  readonly requestsPerVisit: number;
  readonly blocks: readonly PairedBlock[];
  readonly visits: Sides<readonly Visit[]>;
}

async function alternate(sessions: Sides<Session>, load: ClosedLoad, options: AbOptions): Promise<Alternation> {
  const { a, b } = sessions;
  const { blocks: count = defaultOf("blocks", options) } = options;
  const random = seededRandom(a.seed);
  const budget = await visitBudget(sessions, load, options, count);
  const all: Sides<Visit[]> = { a: [], b: [] };
  const blocks: PairedBlock[] = [];
  while (blocks.length < count) {
    const order = random() < 0.5 ? "ABBA" : "BAAB";
    const block: Sides<Visit[]> = { a: [], b: [] };
    for (const [i, letter] of [...order].entries()) {
      if (a.partial !== null || b.partial !== null) break;
      const side = letter === "A" ? "a" : "b";
      a.progress(`block ${blocks.length + 1} of ${count}, server ${letter}`, (blocks.length + i / 4) / count);
      block[side].push(await measureWindow(sessions[side], load, budget));
    }
    // Half a block would let drift in.
    if (a.partial !== null || b.partial !== null) break;
    all.a.push(...block.a);
    all.b.push(...block.b);
    blocks.push({ order, a: blockSideOf(block.a, load), b: blockSideOf(block.b, load) });
    // A server that answered nothing in its warm-up and in a block cannot be compared, however long that goes on.
    if (budget.isUnanswered && [all.a, all.b].some((visits) => succeededIn(visits, load) === 0)) break;
  }
  for (const [side, server] of [["a", "A"], ["b", "B"]] as const) {
    const shift = shiftOf(all[side]);
    if (shift !== null) a.shifts.push({ ...shift, server });
  }
  return { seed: a.seed, requestsPerVisit: budget.requests, blocks, visits: all };
}

/** Warms both up, and takes from it how many requests a visit needs: the same of both, for the same work. */
async function visitBudget({ a, b }: Sides<Session>, load: ClosedLoad, options: AbOptions, blocks: number) {
  // All that comes before a load, for both: the GPUs of the one may be those of the other, and rest until then.
  for (const session of [a, b]) {
    await session.poolFor(load);
    await session.ceiling.of(session, load.batchSize);
  }
  for (const { windows } of [a, b]) windows.gpu.loadBegins();
  const rates: number[] = [];
  for (const [session, name] of [[a, "A"], [b, "B"]] as const) {
    a.progress(`warming up server ${name}`, 0);
    const { window } = summariseWindow(load, [await measureWindow(session, load, WARM_UP)]);
    rates.push(window.requestsPerSecond?.value ?? 0);
  }
  const slower = Math.min(...rates);
  const visitMs = options.durationMs === undefined
    ? (options.quick ? VISIT_MS.quick : VISIT_MS.usual)
    : options.durationMs / (2 * blocks);
  const fewest = Math.max(FEWEST_REQUESTS, 2 * load.concurrency);
  const requests = options.requests ?? Math.max(fewest, Math.round(slower * visitMs / 1000));
  const isUnanswered = slower === 0;
  return {
    isUnanswered,
    durationMs: isUnanswered ? WARM_UP.durationMs : Math.max(LEAST_PATIENCE_MS, PATIENCE * 1000 * requests / slower),
    minimumMs: 0,
    minimumRequests: 0,
    requests,
  };
}

const succeededIn = (visits: readonly Visit[], load: ClosedLoad) => summariseWindow(load, visits).window.succeeded;

function sideOf(
  target: Target,
  options: AbOptions,
  load: ClosedLoad,
  visits: readonly Visit[],
  { client, absences }: ResultBase,
): AbSide {
  const own = { ...absences };
  const { window } = summariseWindow(load, visits, own);
  return { target: describeTarget(target, options), ...window, client: ownClient(client, visits), absences: own };
}

/** The client while it measured one server alone: in the same time it also measured the other one. */
function ownClient(client: ClientCheck, visits: readonly Visit[]): ClientCheck {
  let cpuMs = 0, requests = 0;
  for (const { run: { recorded }, cpuMsPerRequest } of visits) {
    cpuMs += recorded * (cpuMsPerRequest ?? 0);
    requests += recorded;
  }
  return { ...client, cpuMsPerRequest: requests === 0 ? null : cpuMs / requests };
}

function blockSideOf(visits: readonly Visit[], load: ClosedLoad): BlockSide {
  const { requestsPerSecond, latencyMs } = summariseWindow(load, visits).window;
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
  // On the logarithm, as the ratio's own interval is.
  const halfWidth = Math.log(ratio.high / ratio.value);
  return {
    ratio,
    verdict: shownVerdict(ratio, 1, better),
    smallestShown: Math.expm1(smallestShown(halfWidth, studentTMultiplier(level, ratio.n - 1))),
  };
}
