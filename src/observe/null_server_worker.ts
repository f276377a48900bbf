/**
 * Answers every request with the same bytes, in a thread of its own. Messages: the bytes to answer from now on; `"close"`.
 *
 * It speaks no more HTTP than it needs: it reads and throws away what comes, and answers each request with one write, so
 * that it takes what a client can send.
 *
 * @module
 */
import type { NullServerMessage } from "./null_server.ts";
import { RequestCounter } from "./request_counter.ts";

/** What a worker's global scope offers; the compiler takes this file for one of the main thread. */
const worker = self as unknown as {
  postMessage(message: unknown): void;
  onmessage: (event: MessageEvent<NullServerMessage>) => void;
};

/** Between two looks whether another file may be opened, ms. */
const AGAIN_MS = 20;
/** What is read at once stays in the processor's cache, where reading costs the least. */
const READ_BYTES = 256 * 1024;

let answer = new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
let isClosed = false;
const connections = new Set<Deno.Conn>();
const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });

async function serve(connection: Deno.TcpConn): Promise<void> {
  connection.setNoDelay();
  const buffer = new Uint8Array(READ_BYTES);
  const counter = new RequestCounter();
  for (let read; (read = await connection.read(buffer)) !== null;) {
    for (let due = counter.take(buffer.subarray(0, read)); due > 0; due--) {
      for (let written = 0; written < answer.length;) written += await connection.write(answer.subarray(written));
    }
  }
}

async function accept(): Promise<void> {
  while (!isClosed) {
    let connection: Deno.TcpConn;
    try {
      connection = await listener.accept();
    } catch {
      // This process may open no more files: whoever connects waits until it may.
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      continue;
    }
    connections.add(connection);
    // A client that goes away is no fault here.
    serve(connection).catch(() => {}).finally(() => {
      if (connections.delete(connection)) connection.close();
    });
  }
}

worker.onmessage = ({ data }) => {
  if (data === "close") {
    isClosed = true;
    listener.close();
    for (const connection of connections) connection.close();
    connections.clear();
    worker.postMessage("closed");
  } else {
    answer = data;
    worker.postMessage("ready");
  }
};

worker.postMessage(listener.addr.port);
await accept();
