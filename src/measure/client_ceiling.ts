import type { Target } from "../core/target.ts";
import type { WireResponse } from "../core/transport.ts";
import { runClosedLoop } from "../load/closed_loop.ts";
import { type NullAnswer, type NullServer, startNullServer } from "../observe/null_server.ts";
import type { Ceiling, Session } from "./session.ts";

/** Lanes that keep the client busy without filling its memory. */
const CONCURRENCY = 8;
const DURATION_MS = 300;
const DURATION_QUICK_MS = 150;

/** Headers that speak of the connection, not of the answer. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "date"]);

/** Finds, once for each batch size, what this client can do at most. */
export class ClientCeiling implements Ceiling {
  readonly #target: Target;
  readonly #known = new Map<number, number | null>();
  #server: NullServer | null = null;

  /** @param target Gives the transport, the requests and an answer. */
  constructor(target: Target) {
    this.#target = target;
  }

  /**
   * Requests per second that this client reaches with requests of a batch size, against a server that gives at once the answer
   * that the real one gave: sending, receiving and judging cost what they cost in the test (METHODS 17).
   *
   * @param session The test; its pool gives the requests.
   * @param batchSize Items per request.
   * @returns Per second; `null` where the target offers no transport elsewhere, or did not answer.
   */
  async perSecond(session: Session, batchSize: number): Promise<number | null> {
    const known = this.#known.get(batchSize);
    if (known !== undefined) return known;
    const measured = session.options.signal?.aborted ? null : await this.#measure(session, batchSize);
    this.#known.set(batchSize, measured);
    return measured;
  }

  /** The lowest of those found, per second; `null` where none was. */
  get lowestPerSecond(): number | null {
    const found = [...this.#known.values()].filter((rate) => rate !== null);
    return found.length === 0 ? null : Math.min(...found);
  }

  /** Ends the null server. */
  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }

  async #measure(session: Session, batchSize: number): Promise<number | null> {
    const { openTransportTo, protocol, model } = this.#target;
    if (openTransportTo === undefined) return null;
    const answer = await oneAnswer(session, batchSize);
    if (answer === null) return null;
    this.#server ??= await startNullServer();
    await this.#server.answer(answer);
    await using transport = openTransportTo(this.#server.origin);
    const { clock, timeoutMs, options: { quick, signal, allowNullResults = false } } = session;
    const { windowFrom, windowTo, windowStartMs, windowEndMs } = await runClosedLoop({
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
    const seconds = (windowEndMs - windowStartMs) / 1000;
    return windowTo > windowFrom && seconds > 0 ? (windowTo - windowFrom) / seconds : null;
  }
}

/** What the real server answers to one request. Its connection is gone afterwards: an idle one is load to some servers. */
async function oneAnswer(session: Session, batchSize: number): Promise<NullAnswer | null> {
  const pool = await session.pool(batchSize);
  const request = pool.next();
  const lane = session.transport.openLane();
  session.requests++;
  try {
    return await new Promise((resolve) =>
      lane.send(request, session.timeoutMs, {
        onFirstByte: () => {},
        onResponse: (response) => resolve(response.status < 300 ? answerOf(response) : null),
        onFailure: () => resolve(null),
        onCancelled: () => resolve(null),
      })
    );
  } finally {
    await lane.close();
    pool.release(request);
  }
}

function answerOf({ status, headers, body }: WireResponse): NullAnswer {
  return {
    status,
    headers: Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)),
    body: Uint8Array.from(body),
  };
}
