/**
 * Answers every request with the same bytes, in a thread of its own. Messages: an answer to give from now on; `"close"`.
 *
 * @module
 */
import type { NullAnswer, NullServerMessage } from "./null_server.ts";

/** What a worker's global scope offers; the compiler takes this file for one of the main thread. */
const worker = self as unknown as {
  postMessage(message: unknown): void;
  onmessage: (event: MessageEvent<NullServerMessage>) => void;
};

let answer: NullAnswer = { status: 200, headers: [], body: new Uint8Array() };

const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen: ({ port }) => worker.postMessage(port) },
  async (request) => {
    // A client that sends a body must be able to send all of it, as to a real server.
    if (request.body !== null) await request.bytes();
    return new Response(answer.body, { status: answer.status, headers: [...answer.headers] });
  },
);

worker.onmessage = async ({ data }) => {
  if (data === "close") {
    await server.shutdown();
    worker.postMessage("closed");
  } else {
    answer = data;
    worker.postMessage("ready");
  }
};
