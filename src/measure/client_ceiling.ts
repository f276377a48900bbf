import { CONNECTION_FAILURES } from "../core/outcome.ts";
import type { Target } from "../core/target.ts";
import type { Transport, WireResponse } from "../core/transport.ts";
import { runClosedLoop } from "../load/closed_loop.ts";
import { sendOne } from "../load/send_one.ts";
import { startClientMonitor } from "../observe/client_monitor.ts";
import { type NullAnswer, type NullServer, startNullServer } from "../observe/null_server.ts";
import { ascending } from "../stats/estimates/ascending.ts";
import { quantile } from "../stats/estimates/quantile.ts";
import { CeilingRate } from "./ceiling_rate.ts";
import type { Ceiling, Session } from "./session.ts";
import { CLIENT_THRESHOLDS } from "./window/client_use.ts";

/** Lanes that keep the client busy without filling its memory. */
const CONCURRENCY = 8;
/** A larger answer would take its memory many times over, and what limits it is not the client's work on requests. */
const LARGEST_ANSWER_BYTES = 16 * 2 ** 20;
const DURATION_MS = 300;
const DURATION_QUICK_MS = 200;

/** Then one request at a time: for so long at most, and so many. */
const ALONE_MS = 60;
const FEWEST_ALONE = 4;
const MOST_ALONE = 200;

/** Headers that speak of the connection or of how the body was sent, not of the answer. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-encoding",
  "content-length",
  "date",
]);

/** Finds, once for each batch size of a run, what this client can do at most. */
export class ClientCeiling implements Ceiling {
  readonly #target: Target;
  readonly #known: Map<number, CeilingRate | null>;
  readonly #asked = new Set<number>();
  #server: NullServer | null = null;

  /**
   * Measures nothing yet.
   *
   * @param target Gives the transport, the requests and an answer.
   * @param known What other tests of the run found, by batch size; what this one finds is added.
   */
  constructor(target: Target, known: Map<number, CeilingRate | null>) {
    this.#target = target;
    this.#known = known;
  }

  /**
   * What this client reaches with requests of a batch size, against a server that gives at once the answer that the real one
   * gave: sending, receiving and judging cost what they cost in the test (method 17). It is the client's own limit only
   * where its thread was busy then; else the server that does nothing, or another process, held it up: "at least".
   *
   * @param session The test; its pool gives the requests.
   * @param batchSize Items per request.
   * @returns `null` where the target offers no transport elsewhere, or did not answer with 16 MiB at most.
   */
  async of(session: Session, batchSize: number): Promise<CeilingRate | null> {
    this.#asked.add(batchSize);
    const known = this.#known.get(batchSize);
    if (known !== undefined) return known;
    const measured = session.options.signal?.aborted ? null : await this.#measure(session, batchSize);
    this.#known.set(batchSize, measured);
    return measured;
  }

  /** The lowest of the batch sizes that were asked for; `null` where none was found. */
  get lowest(): CeilingRate | null {
    const found = [...this.#asked].flatMap((batchSize) => this.#known.get(batchSize) ?? []);
    return found.toSorted((a, b) => a.perSecond - b.perSecond)[0] ?? null;
  }

  /** Ends the null server. */
  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }

  async #measure(session: Session, batchSize: number): Promise<CeilingRate | null> {
    const { openTransportTo, protocol, model } = this.#target;
    if (openTransportTo === undefined) return null;
    const answer = await oneAnswer(session, batchSize);
    if (answer === null) return null;
    this.#server ??= await startNullServer();
    await this.#server.answer(answer);
    await using transport = openTransportTo(this.#server.origin);
    const { clock, timeoutMs, options: { quick, signal, allowNullResults = false } } = session;
    const monitor = startClientMonitor(clock);
    const originMs = clock.now();
    const { samples, windowFrom, windowTo, windowStartMs, windowEndMs } = await runClosedLoop({
      transport,
      protocol,
      pool: await session.pool(batchSize),
      asked: { model, predictions: batchSize, allowNullResults },
      concurrency: CONCURRENCY,
      timeoutMs,
      warmUpRequests: 2 * CONCURRENCY,
      durationMs: quick ? DURATION_QUICK_MS : DURATION_MS,
      clock,
      ...(signal === undefined ? {} : { signal }),
    });
    const span = { fromMs: originMs + windowStartMs, toMs: originMs + windowEndMs };
    const { threadShare } = monitor.stop(samples.length, span);
    const seconds = (windowEndMs - windowStartMs) / 1000;
    if (windowTo <= windowFrom || seconds <= 0) return null;
    const isAtLeast = threadShare !== null && threadShare < CLIENT_THRESHOLDS.threadShare;
    // What the client runs often is compiled by now.
    const aloneMs = await aloneAgainst(transport, session, batchSize);
    return new CeilingRate((windowTo - windowFrom) / seconds, isAtLeast, aloneMs);
  }
}

/** Median latency of requests that are sent one at a time; `null` where too few were answered. */
async function aloneAgainst(transport: Transport, session: Session, batchSize: number): Promise<number | null> {
  const { clock, timeoutMs, options: { signal, allowNullResults = false }, target: { protocol, model } } = session;
  const pool = await session.pool(batchSize);
  const asked = { model, predictions: batchSize, allowNullResults };
  const lane = transport.openLane();
  const latenciesMs: number[] = [];
  try {
    const endMs = clock.now() + ALONE_MS;
    while (clock.now() < endMs && latenciesMs.length < MOST_ALONE && !signal?.aborted) {
      const request = pool.next();
      const { latencyMs, verdict } = await sendOne(lane, { request, asked, protocol, timeoutMs, clock });
      pool.release(request);
      // What it answers was said to another request, and may be refused for that.
      if (verdict.kind === "cancelled" || verdict.kind === "failure" && CONNECTION_FAILURES.has(verdict.reason)) {
        return null;
      }
      latenciesMs.push(latencyMs);
    }
  } finally {
    await lane.close();
  }
  // The first opens the connection.
  return latenciesMs.length < FEWEST_ALONE ? null : quantile(ascending(latenciesMs.slice(1)), 0.5);
}

/** What the real server answers to one request. Its connection is gone afterwards: an idle one is load to some servers. */
async function oneAnswer(session: Session, batchSize: number): Promise<NullAnswer | null> {
  const pool = await session.pool(batchSize);
  const request = pool.next();
  const lane = session.transport.openLane();
  session.requests++;
  const { signal } = session.options;
  const onAbort = () => lane.cancel();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await new Promise((resolve) =>
      lane.send(request, session.timeoutMs, {
        onFirstByte: () => {},
        onResponse: (response) => resolve(isPlayable(response) ? answerOf(response) : null),
        onFailure: () => resolve(null),
        onCancelled: () => resolve(null),
      })
    );
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await lane.close();
    pool.release(request);
  }
}

function isPlayable({ status, body }: WireResponse): boolean {
  return status < 300 && body.length <= LARGEST_ANSWER_BYTES;
}

function answerOf({ status, headers, body }: WireResponse): NullAnswer {
  return {
    status,
    headers: Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)),
    body: Uint8Array.from(body),
  };
}
