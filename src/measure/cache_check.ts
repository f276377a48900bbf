import { seededRandom } from "../core/random.ts";
import type { RequestPool } from "../load/requests/request_pool.ts";
import { sendOne } from "../load/send_one.ts";
import type { CacheCheck } from "../results/kinds/cache_check.ts";
import { ascending } from "../stats/estimates/ascending.ts";
import { quantile } from "../stats/estimates/quantile.ts";
import type { Pair } from "../stats/ratios/paired_ratio_estimate.ts";
import { signedRankRatioEstimate } from "../stats/ratios/signed_rank_ratio_estimate.ts";
import { requestOptionsOf } from "./request_options.ts";
import type { Session } from "./session.ts";

/** A repeated request that is surely so many times as fast comes from a cache. */
const CACHE_RATIO = 1.1;
/** One that is surely not so many times as fast, and may be no faster at all, does not. */
const NO_CACHE_RATIO = 1.15;
/** The interval of an effect is wanted so narrow, as a share of it. */
const WANTED_WIDTH = 0.1;
/** After so many pairs the interval is looked at: at each look chance has another try. */
const LOOKS = [8, 16, 32, 64, 128];
const MOST_PAIRS = LOOKS.at(-1)!;
/** Fewest pairs of a slow server. */
const FEWEST_PAIRS = 3;
/** How long it takes where that is not enough, and with the fewest pairs, ms. */
const TIME_MS = { usual: { wanted: 2000, most: 6000 }, quick: { wanted: 1000, most: 2500 } };
/** After so many failures nothing is told. */
const MOST_FAILURES = 3;

/**
 * Does a response cache answer for the model? One request is sent again and again, bytes for bytes, and requests with the same
 * items but for what makes them differ are sent between them, each once: over one connection, in pairs, in blocks of two pairs
 * in the order ABBA or BAAB by a seeded coin, so that drift and a slow beginning meet both alike. The effect is the ratio of
 * the latencies within each pair, by signed ranks over the pairs, since a busy machine makes some of them wild.
 *
 * It ends when the effect is known, at the latest after 257 requests or 6 s, 2.5 s with quick, and the request then under way.
 *
 * @param session The test; the model is loaded.
 * @param batchSize Items per request.
 * @returns `null` where the run was interrupted.
 */
export async function checkCache(session: Session, batchSize: number): Promise<CacheCheck | null> {
  if (requestOptionsOf(session.target, session.options).sequence !== undefined) {
    return untold(0, "the model is stateful: the same request again asks for something else");
  }
  const pool = await session.pool(batchSize);
  if (session.partial !== null) return null;
  const repeated = pool.next();
  const exchange = new Exchange(session, batchSize);
  try {
    if (!pool.differs(repeated)) return untold(0, whyAlike(session));
    // What the server keeps, it keeps from here on.
    await exchange.send(repeated);
    const pairs = await sendPairs(session, pool, repeated, exchange);
    if (session.options.signal?.aborted) {
      session.partial ??= "interrupted";
      return null;
    }
    if (exchange.failures >= MOST_FAILURES) {
      return untold(exchange.requests, `its requests failed: ${exchange.message}`);
    }
    return told(pairs, exchange.requests, pool.repeats ? whyAlike(session) : null);
  } finally {
    session.requests += exchange.requests;
    await exchange.close();
    pool.release(repeated);
  }
}

/** New against repeated latency, as often as it takes. */
async function sendPairs(
  { seed, clock, options }: Session,
  pool: RequestPool,
  repeated: ReturnType<RequestPool["next"]>,
  exchange: Exchange,
): Promise<Pair[]> {
  const random = seededRandom(seed);
  const { wanted, most } = options.quick ? TIME_MS.quick : TIME_MS.usual;
  const startMs = clock.now();
  const pairs: Pair[] = [];
  let newFirst = false;
  for (let sent = 0; pairs.length < MOST_PAIRS && exchange.failures < MOST_FAILURES; sent++) {
    const elapsedMs = clock.now() - startMs;
    if (options.signal?.aborted || elapsedMs > most || elapsedMs > wanted && pairs.length >= FEWEST_PAIRS) break;
    if (LOOKS.includes(pairs.length) && isKnown(pairs)) break;
    newFirst = sent % 2 === 0 ? random() < 0.5 : !newFirst;
    const other = pool.like(repeated);
    const first = await exchange.send(newFirst ? other : repeated);
    const second = await exchange.send(newFirst ? repeated : other);
    pool.release(other);
    if (first === null || second === null) continue;
    pairs.push(newFirst ? { a: second, b: first } : { a: first, b: second });
  }
  return pairs;
}

function isKnown(pairs: readonly Pair[]): boolean {
  const ratio = signedRankRatioEstimate(pairs);
  const verdict = cacheVerdict(ratio);
  return verdict === "no cache seen" || verdict === "cache" && ratio!.high! < ratio!.value * (1 + WANTED_WIDTH);
}

/**
 * What a ratio shows.
 *
 * @param ratio Latency of new requests over that of repeated ones.
 */
export function cacheVerdict(ratio: CacheCheck["ratio"]): CacheCheck["verdict"] {
  if (ratio === null || ratio.low === null || ratio.high === null) return "cannot tell";
  return ratio.low > CACHE_RATIO
    ? "cache"
    : ratio.high < NO_CACHE_RATIO && ratio.low <= 1
    ? "no cache seen"
    : "cannot tell";
}

function told(pairs: readonly Pair[], requests: number, why: string | null): CacheCheck {
  const ratio = signedRankRatioEstimate(pairs);
  const medianOf = (read: (pair: Pair) => number) =>
    pairs.length === 0 ? null : quantile(ascending(pairs.map(read)), 0.5);
  const verdict = cacheVerdict(ratio);
  const check = { verdict, ratio, newMs: medianOf(({ b }) => b), repeatedMs: medianOf(({ a }) => a), requests };
  // What was new may have been sent before: both could come from a cache.
  return why === null ? check : { ...check, verdict: verdict === "cache" ? verdict : "cannot tell", because: why };
}

function untold(requests: number, because: string): CacheCheck {
  return { verdict: "cannot tell", ratio: null, newMs: null, repeatedMs: null, requests, because };
}

function whyAlike({ windows, options }: Session): string {
  if (options.repeatInputs) return "the same requests are sent again and again, as was asked for";
  return windows.requests?.limits ?? "the items can only be sent as they were given";
}

/** One connection, and what came of it. */
class Exchange {
  requests = 0;
  failures = 0;
  message = "";
  readonly #session: Session;
  readonly #batchSize: number;
  readonly #lane;

  constructor(session: Session, batchSize: number) {
    this.#session = session;
    this.#batchSize = batchSize;
    this.#lane = session.transport.openLane();
  }

  /** Latency of a request, ms; `null` where it failed. */
  async send(request: ReturnType<RequestPool["next"]>): Promise<number | null> {
    const { target: { protocol, model }, options: { signal, allowNullResults = false }, timeoutMs, clock, windows } =
      this.#session;
    this.requests++;
    const { latencyMs, verdict } = await sendOne(this.#lane, {
      request,
      asked: { model, predictions: this.#batchSize, allowNullResults },
      protocol,
      timeoutMs,
      clock,
      ...(signal === undefined ? {} : { signal }),
      ...(windows.hold === undefined ? {} : { hold: windows.hold }),
    });
    if (verdict.kind === "success") return Math.max(latencyMs, Number.MIN_VALUE);
    if (verdict.kind === "failure") {
      this.failures++;
      this.message = verdict.message;
    }
    return null;
  }

  async close(): Promise<void> {
    await this.#lane.close();
  }
}
