/**
 * A bare client of a server of known behaviour, in a thread of its own beside the tool: it asks at `POST /truth/way` when the server
 * read that, all the time that a test runs. What it meets, a request of a client that takes no time of its own meets as well: it sends
 * as much as one, and is answered as much.
 *
 * @module
 */

/** What the way to a server and back took, ms. */
export interface Way {
  readonly thereMs: number;
  readonly backMs: number;
}

/** One that was met, by who asks at any time and at once has the answer. */
export interface MetWay extends Way {
  /** When the question was sent, by {@linkcode epochMs}. */
  readonly atMs: number;
  /** What the way there took right behind an answer, as the next request of a closed loop goes: nobody has gone to sleep. */
  readonly behindMs: number;
  /** What the way back took of an answer that was waited for, as most are; of a server that does not wait, as `backMs`. */
  readonly waitedMs: number;
}

/** Mean time between two questions: enough of them in a test, and little beside its load. */
const MEAN_REST_MS = 20;

/** Now, by the one clock of all processes, ms. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Asks from the moment it is made. */
export class WayProbe implements Disposable {
  readonly #thread = new Worker(import.meta.url, { type: "module" });
  readonly #ways = Promise.withResolvers<readonly MetWay[]>();

  /** @param port Of the server. */
  constructor(port: number) {
    this.#thread.onmessage = ({ data }: MessageEvent<readonly MetWay[]>) => this.#ways.resolve(data);
    this.#thread.onerror = (event) => {
      event.preventDefault();
      this.#ways.reject(new Error(`Cannot measure the way to the server: ${event.message}`));
    };
    // Who fails before the end does not ask.
    this.#ways.promise.catch(() => {});
    this.#thread.postMessage(port);
  }

  /** Asks no more, and gives every way in its order. */
  async end(): Promise<readonly MetWay[]> {
    this.#thread.postMessage(null);
    return await this.#ways.promise;
  }

  [Symbol.dispose](): void {
    this.#thread.terminate();
  }
}

/** How long the server is asked to wait with the second answer, ms: as long as it works for requests. */
const WAIT_MS = 8;

/** As a prediction of one item has it. */
const BODY = JSON.stringify({
  model_name: "truth",
  inputs: "a text of some words, as one is made for a test",
  priority: 0,
});

async function ask(port: number, isOver: () => boolean): Promise<readonly MetWay[]> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port });
  socket.setNoDelay(true);
  const [atOnce, later] = ["", `?after=${WAIT_MS}`].map((query) =>
    new TextEncoder().encode(
      `POST /truth/way${query} HTTP/1.1\r\nhost: truth\r\ncontent-type: application/json\r\n` +
        `content-length: ${BODY.length}\r\n\r\n${BODY}`,
    )
  ) as [Uint8Array, Uint8Array];
  const ways: MetWay[] = [];
  // The first of a process, before anything is compiled, is like none that a test meets.
  for (const first of [atOnce, later]) await askOnce(socket, first);
  while (!isOver()) {
    const [first, second] = [await askOnce(socket, atOnce), await askOnce(socket, later)];
    ways.push({ ...first, behindMs: second.thereMs, waitedMs: second.backMs });
    await new Promise((resolve) => setTimeout(resolve, -MEAN_REST_MS * Math.log(1 - Math.random())));
  }
  return ways;
}

const buffer = new Uint8Array(4096);

async function askOnce(socket: Deno.Conn, request: Uint8Array): Promise<Way & { readonly atMs: number }> {
  const atMs = epochMs();
  await socket.write(request);
  // An answer of some hundred bytes is one read.
  const length = await socket.read(buffer);
  const seenMs = epochMs();
  const body = new TextDecoder().decode(buffer.subarray(0, length ?? 0)).split("\r\n\r\n")[1] ?? "";
  // When it was read, and when it was answered, where that is not at once, at its end.
  const [readMs = NaN, answeredMs = readMs] = (/[\d. ]+(?="?}?$)/.exec(body)?.[0] ?? "").split(" ").map(Number);
  if (!(readMs > 0)) throw new Error("it must answer when it read a request");
  return { atMs, thereMs: readMs - atMs, backMs: seenMs - answeredMs };
}

if ("WorkerGlobalScope" in globalThis) {
  const thread = globalThis as unknown as Worker;
  let over = false;
  thread.onmessage = ({ data }: MessageEvent<number | null>) => {
    if (data === null) over = true;
    else ask(data, () => over).then((ways) => thread.postMessage(ways));
  };
}
