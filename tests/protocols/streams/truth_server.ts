/**
 * A server of streamed answers of which everything is known, over bare sockets: each model answers as
 * {@linkcode TRUTH_ANSWERS} says. As a process of its own it prints its URL.
 *
 * @module
 */
import { httpAnswer, type RawConnection, type RawServer, startRawServer } from "../../wire/raw_server.ts";
import { TRUTH_ANSWERS, type TruthAnswer } from "./truth_answers.ts";

const MODELS = JSON.stringify({
  object: "list",
  data: Object.keys(TRUTH_ANSWERS).map((id) => ({ id, object: "model" })),
});

/** Starts it, on a port of its own. */
export function startTruthServer(): Promise<RawServer> {
  return startRawServer(serve);
}

async function serve(connection: RawConnection): Promise<void> {
  for (let request = await connection.read(); request !== null; request = await connection.read()) {
    if (request.path === "/v1/models") await connection.write(httpAnswer(MODELS));
    else if (request.method !== "POST") await connection.write(httpAnswer('{"detail":"Not Found"}', 404));
    else {
      const readAt = performance.now();
      const { model, max_tokens: tokens } = JSON.parse(request.body);
      if (!await write(connection, TRUTH_ANSWERS[model]!({ tokens }), readAt)) return;
    }
  }
}

/** Writes an answer at its moments; says whether another may follow. */
async function write(connection: RawConnection, answer: TruthAnswer, readAt: number): Promise<boolean> {
  const { status = 200, headers = ["content-type: text/event-stream"], pieces, end = "whole" } = answer;
  const head = [`HTTP/1.1 ${status} Whatever`, "transfer-encoding: chunked", ...headers].join("\r\n");
  await connection.write(`${head}\r\n\r\n`);
  for (const { atMs, bytes } of pieces) {
    await until(readAt + atMs);
    const isOpen = await connection.write(framed(bytes));
    if (!isOpen) return false;
  }
  if (end === "nothing") return await connection.closed.then(() => false);
  if (end === "cut") {
    connection.destroy();
    return false;
  }
  return await connection.write("0\r\n\r\n");
}

/** Timers are late by up to a millisecond: the rest of the time is spent waiting. */
async function until(moment: number): Promise<void> {
  for (let left = moment - performance.now(); left > 0; left = moment - performance.now()) {
    await new Promise((resolve) => left > 2 ? setTimeout(resolve, left - 1) : setImmediate(resolve));
  }
}

function framed(bytes: Uint8Array): Uint8Array {
  const before = new TextEncoder().encode(`${bytes.length.toString(16)}\r\n`);
  const all = new Uint8Array(before.length + bytes.length + 2);
  all.set(before);
  all.set(bytes, before.length);
  all.set([13, 10], before.length + bytes.length);
  return all;
}

if (import.meta.main) {
  // deno-lint-ignore no-console -- this is a program
  console.log((await startTruthServer()).url);
}
