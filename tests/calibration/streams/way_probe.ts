/**
 * A bare client of a server of known behaviour, in a thread of its own beside the tool: it asks at `GET /truth/way` when the server
 * read that, all the time that a test runs. What it meets, a request of a client that takes no time of its own meets as well.
 *
 * @module
 */

/** What the way to a server and back took, ms. */
export interface Way {
  readonly thereMs: number;
  readonly backMs: number;
}

/** One that was met. */
export interface MetWay extends Way {
  /** When the question was sent, by {@linkcode epochMs}. */
  readonly atMs: number;
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

async function ask(port: number, isOver: () => boolean): Promise<readonly MetWay[]> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port });
  socket.setNoDelay(true);
  const request = new TextEncoder().encode("GET /truth/way HTTP/1.1\r\nhost: truth\r\n\r\n");
  const buffer = new Uint8Array(4096);
  const ways: MetWay[] = [];
  while (!isOver()) {
    const sentMs = epochMs();
    await socket.write(request);
    // An answer of some hundred bytes is one read.
    const length = await socket.read(buffer);
    const seenMs = epochMs();
    const readMs = Number(new TextDecoder().decode(buffer.subarray(0, length ?? 0)).split("\r\n\r\n")[1] || NaN);
    if (Number.isNaN(readMs)) throw new Error("it must answer when it read a request");
    ways.push({ atMs: sentMs, thereMs: readMs - sentMs, backMs: seenMs - readMs });
    await new Promise((resolve) => setTimeout(resolve, -MEAN_REST_MS * Math.log(1 - Math.random())));
  }
  return ways;
}

if ("WorkerGlobalScope" in globalThis) {
  const thread = globalThis as unknown as Worker;
  let over = false;
  thread.onmessage = ({ data }: MessageEvent<number | null>) => {
    if (data === null) over = true;
    else ask(data, () => over).then((ways) => thread.postMessage(ways));
  };
}
