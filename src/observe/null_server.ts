import { concatenate } from "../core/concatenate.ts";

/** What a null server answers. */
export interface NullAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Header names and values. */
  readonly headers: readonly [string, string][];
  /** Body. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What is said to the thread of a null server: the bytes that it answers from now on, or that it shall end. */
export type NullServerMessage = Uint8Array<ArrayBuffer> | "close";

/** A server that does nothing: what a client reaches against it is the client's own ceiling. */
export interface NullServer extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Changes what it answers. */
  answer(answer: NullAnswer): Promise<void>;
  /** Ends it. */
  close(): Promise<void>;
}

/**
 * Starts a null server on 127.0.0.1, in a thread of its own so that it takes no time from the client's. It speaks HTTP/1.1
 * without checking any: bodies are read and thrown away.
 *
 * @returns The server; it answers 200 without a body until it is told another answer.
 */
export async function startNullServer(): Promise<NullServer> {
  const worker = new Worker(new URL("./null_server_worker.ts", import.meta.url), { type: "module" });
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  worker.onerror = (event) => {
    event.preventDefault();
    broken.reject(new Error(event.message));
  };
  const next = () =>
    Promise.race([broken.promise, new Promise<unknown>((resolve) => worker.onmessage = ({ data }) => resolve(data))]);
  const say = (message: NullServerMessage) => {
    const said = next();
    worker.postMessage(message);
    return said;
  };
  const port = await next();
  const close = async () => {
    // A thread that broke ends without a word.
    await say("close").catch(() => {});
    worker.terminate();
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    answer: async (answer) => {
      await say(bytesOf(answer));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** An answer as it is sent. */
function bytesOf({ status, headers, body }: NullAnswer): Uint8Array<ArrayBuffer> {
  // An answer of this status has no body, and no length of one (RFC 9110, 8.6).
  const length = status === 204 ? [] : [["content-length", String(body.length)]];
  const lines = [...headers, ...length].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = new TextEncoder().encode(`HTTP/1.1 ${status} OK\r\n${lines}\r\n`);
  return concatenate(status === 204 ? [head] : [head, body]);
}
