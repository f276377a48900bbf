import { seededRandom } from "../../core/random.ts";
import type { RequestPool } from "../../load/requests/request_pool.ts";
import { cacheVerdict } from "../../measure/cache_check.ts";
import type { Session } from "../../measure/session.ts";
import type { PrefixCacheCheck, PrefixCacheLength } from "../../results/kinds/prefix_cache.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";
import { signedRankEstimate } from "../../stats/estimates/signed_rank_estimate.ts";
import { signedRankRatioEstimate } from "../../stats/ratios/signed_rank_ratio_estimate.ts";
import { type AnsweredPrompt, PromptLane } from "./prompt_lane.ts";

/** After so many pairs the interval is looked at. */
const LOOKS: readonly number[] = [8, 16, 32, 64, 128];
const MOST_PAIRS = LOOKS.at(-1)!;
/** How long a length takes where it is not known before, and with the fewest pairs, ms. */
const TIME_MS = { usual: { wanted: 4000, most: 12_000 }, quick: { wanted: 1500, most: 4000 } };
/** Fewest pairs of which ranks are sure. */
const FEWEST_PAIRS = 6;
/** A length is given up at so many failures where they are most of what was sent. */
const MOST_FAILURES = 3;
/** A server that says that it had so much of the prompt should be faster. */
const MOST_OF_PROMPT = 0.5;

interface PromptPair {
  readonly fresh: AnsweredPrompt;
  readonly repeated: AnsweredPrompt;
}

/**
 * Does the server keep what it computed of a prompt? One prompt is sent again and again, and others of its length between,
 * each new from its first word on: in pairs over one connection, in blocks of two pairs in the order ABBA or BAAB by a seeded coin,
 * so that drift meets both alike. What counts is the time to the first token; a cache of whole answers shows the same.
 *
 * A length ends when the effect is known, at the latest after 128 pairs or 12 s, 4 s with quick.
 *
 * @param session The test; the model is loaded.
 * @param lengths Words of the prompts, which the server takes.
 * @returns What the lengths show that were measured, with the reason where one is missing; `null` where the run was interrupted
 *     before one was, or there is no length.
 */
export async function checkPrefixCache(session: Session, lengths: readonly number[]): Promise<PrefixCacheCheck | null> {
  if (lengths.length === 0) return null;
  if (session.options.repeatInputs) {
    return untold("the same requests are sent again and again, as was asked for");
  }
  const before = session.requests;
  const measured: PrefixCacheLength[] = [], missing: string[] = [];
  for (const [i, words] of lengths.entries()) {
    session.progress(`prefix cache, ${words} words`, 0.9 + 0.1 * i / lengths.length);
    const length = await measureLength(session, words);
    if (session.options.signal?.aborted) session.partial ??= "interrupted";
    if (session.partial !== null) {
      if (measured.length === 0) return null;
      missing.push(`at ${words} words it was interrupted`);
      break;
    }
    if (typeof length === "string") missing.push(`at ${words} words ${length}`);
    else measured.push(length);
  }
  const because = missing.length === 0 ? {} : { because: missing.join("; ") };
  const isLongestMissing = measured.at(-1)?.words !== lengths.at(-1);
  const judged = measured.length === 0 ? null : judge(measured);
  // Short prompts alone do not show that there is no cache.
  const found = judged === null || isLongestMissing && judged.verdict === "no cache seen"
    ? { verdict: "cannot tell" as const }
    : judged;
  return { ...found, lengths: measured, requests: session.requests - before, ...because };
}

function untold(because: string): PrefixCacheCheck {
  return { verdict: "cannot tell", lengths: [], requests: 0, because };
}

async function measureLength(session: Session, words: number): Promise<PrefixCacheLength | string> {
  const pool = await session.poolFor({ kind: "closed", concurrency: 1, batchSize: 1, promptWords: words });
  const repeated = pool.next();
  await using lane = new PromptLane(session);
  try {
    // What the server keeps, it keeps from here on.
    let first = await lane.send(repeated);
    for (let failures = 1; first.kind === "failure"; failures++) {
      if (failures === MOST_FAILURES || first.status === null) return `its requests failed: ${first.message}`;
      first = await lane.send(repeated);
    }
    const pairs = await sendPairs(session, pool, repeated, lane);
    return typeof pairs === "string" ? pairs : lengthOf(words, pairs);
  } finally {
    pool.release(repeated);
  }
}

async function sendPairs(
  { seed, clock, options }: Session,
  pool: RequestPool,
  repeated: ReturnType<RequestPool["next"]>,
  lane: PromptLane,
): Promise<PromptPair[] | string> {
  const random = seededRandom(seed);
  const { wanted, most } = options.quick ? TIME_MS.quick : TIME_MS.usual;
  const startMs = clock.now(), pairs: PromptPair[] = [];
  let freshFirst = false, failures = 0;
  for (let sent = 0; pairs.length < MOST_PAIRS && !options.signal?.aborted; sent++) {
    const elapsedMs = clock.now() - startMs;
    if (elapsedMs > most || elapsedMs > wanted && pairs.length >= FEWEST_PAIRS) break;
    if (LOOKS.includes(pairs.length) && cacheVerdict(ratioOf(pairs)) !== "cannot tell") break;
    freshFirst = sent % 2 === 0 ? random() < 0.5 : !freshFirst;
    const other = pool.like(repeated);
    const first = await lane.send(freshFirst ? other : repeated);
    const second = await lane.send(freshFirst ? repeated : other);
    pool.release(other);
    for (const { kind, ...told } of [first, second]) {
      if (kind === "failure" && ++failures >= MOST_FAILURES && failures > sent + 1) {
        return `its requests failed: ${Object(told).message}`;
      }
    }
    if (first.kind !== "success" || second.kind !== "success") continue;
    pairs.push(freshFirst ? { fresh: first, repeated: second } : { fresh: second, repeated: first });
  }
  return pairs;
}

/** Nothing comes in no time. */
const timeOf = ({ firstTokenMs }: AnsweredPrompt) => Math.max(firstTokenMs, 1e-3);

function ratioOf(pairs: readonly PromptPair[]) {
  return signedRankRatioEstimate(pairs.map(({ fresh, repeated }) => ({ a: timeOf(repeated), b: timeOf(fresh) })));
}

function lengthOf(words: number, pairs: readonly PromptPair[]): PrefixCacheLength {
  const median = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : quantile(ascending(known), 0.5);
  };
  const fresh = pairs.map((pair) => pair.fresh), repeated = pairs.map((pair) => pair.repeated);
  return {
    words,
    newMs: median(fresh.map(timeOf)),
    repeatedMs: median(repeated.map(timeOf)),
    savedMs: pairs.length === 0
      ? null
      : signedRankEstimate(pairs.map(({ fresh, repeated }) => fresh.firstTokenMs - repeated.firstTokenMs)),
    ratio: ratioOf(pairs),
    newCachedTokens: median(fresh.map(({ cachedTokens }) => cachedTokens)),
    repeatedCachedTokens: median(repeated.map(({ cachedTokens }) => cachedTokens)),
    promptTokens: median(repeated.map(({ promptTokens }) => promptTokens)),
  };
}

/**
 * What all lengths together show. Short prompts take so little time that a cache may not show there.
 *
 * @param lengths Ascending by words, at least one.
 */
export function judge(lengths: readonly PrefixCacheLength[]): Pick<PrefixCacheCheck, "verdict" | "contradiction"> {
  const verdicts = lengths.map(({ ratio }) => cacheVerdict(ratio)), longest = lengths.at(-1)!;
  const verdict = verdicts.includes("cache") ? "cache" : verdicts.at(-1)!;
  const { repeatedCachedTokens: told, promptTokens } = longest;
  if (told === null) return { verdict };
  if (verdict === "cache" && told === 0) return { verdict, contradiction: "faster-but-not-told" };
  const isMost = promptTokens !== null && told >= MOST_OF_PROMPT * promptTokens;
  return verdict === "no cache seen" && isMost ? { verdict, contradiction: "told-but-not-faster" } : { verdict };
}
