import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { concatenate } from "../core/concatenate.ts";
import type { Connections } from "./connections.ts";
import { RequestError } from "./routes/request_error.ts";

/** Longest that the head of a request may take, from the first byte or from the connection's begin, ms. */
const HEAD_MS = 10_000;
/** Longest time between two pieces of a body, ms. */
const STALL_MS = 10_000;
/** Longest that a whole request may take to come, ms. */
const REQUEST_MS = 120_000;
/** How long a connection may rest between two requests: a run rests between its levels, ms. */
const IDLE_MS = 120_000;
/** How often these are looked at, ms. */
const LOOK_MS = 1000;
/** How much of a head is read, bytes. */
const MOST_OF_HEAD_BYTES = 16 * 1024;
/** How many bodies of the largest size may be on their way at once. */
const LARGEST_BODIES = 8;
/** How long what is left of a refused body is read, so that the client sees why, ms. */
const LINGER_MS = 1000;

/** What answers a request; its body is read where it is wanted. */
export type Answer = (request: Request, body: () => Promise<Uint8Array<ArrayBuffer>>) => Promise<Response>;

/** Options of {@linkcode listenHttp}. */
export interface ListenOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Largest body that is read, bytes. */
  readonly maxBodyBytes: number;
  /** Keeps their number within its bounds. */
  readonly connections: Connections;
}

/** A server that listens. */
export interface HttpServer {
  /** Its port. */
  readonly port: number;
  /** Takes no more connections, and resolves when what it was asked is answered. */
  shutdown(): Promise<void>;
}

/**
 * Serves HTTP/1.1 on 127.0.0.1 within limits of size and time: what is too large is refused with 413 or 431, what does
 * not come with 408.
 *
 * @param answer Answers a request, errors included.
 * @param options Where and within which limits.
 * @throws {Error} If it cannot listen there.
 */
export async function listenHttp(
  answer: Answer,
  { port, maxBodyBytes, connections }: ListenOptions,
): Promise<HttpServer> {
  const budget = { leftBytes: LARGEST_BODIES * maxBodyBytes };
  const server = createServer({
    headersTimeout: HEAD_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: IDLE_MS,
    connectionsCheckingInterval: LOOK_MS,
    maxHeaderSize: MOST_OF_HEAD_BYTES,
  }, (message, writer) => {
    const { socket } = message;
    const { "content-length": length = "0", "transfer-encoding": coding } = message.headers;
    const hasBody = length !== "0" || coding !== undefined;
    if (hasBody) message.once("end", () => connections.serves(socket));
    else connections.serves(socket);
    writer.once("finish", () => connections.waits(socket));
    let reading: Promise<Uint8Array<ArrayBuffer>> | null = null;
    const body = () =>
      reading ??= hasBody ? readBody(message, maxBodyBytes, budget) : Promise.resolve(new Uint8Array());
    const respond = async () => {
      const response = await answer(requestOf(message), body);
      // A body that nobody wanted is read all the same, so that the connection can be used again.
      const isRead = await body().then(() => true, () => false);
      await write(response, isRead, message, writer);
    };
    // A request that is no URL, or a client that is gone, has nobody who waits for an answer.
    respond().catch(() => socket.destroy());
  });
  server.on("connection", (socket) => connections.add(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    shutdown: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        connections.closeWaiting();
      }),
  };
}

/** Without its body, which is read from the message. */
function requestOf({ url = "/", method = "GET", headers }: IncomingMessage): Request {
  const given = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(", ")] as [string, string]]
  );
  const address = url.startsWith("/") ? `http://${headers.host ?? "127.0.0.1"}${url}` : url;
  return new Request(URL.canParse(address) ? address : `http://127.0.0.1${url}`, { method, headers: given });
}

async function write(
  response: Response,
  isRead: boolean,
  message: IncomingMessage,
  writer: ServerResponse,
): Promise<void> {
  if (isStream(response)) return await writeStream(response, writer);
  const body = new Uint8Array(await response.arrayBuffer());
  const headers = { ...Object.fromEntries(response.headers), "content-length": body.length };
  writer.writeHead(response.status, isRead ? headers : { ...headers, connection: "close" });
  writer.end(body);
  if (isRead) return;
  message.resume();
  const timer = setTimeout(() => message.socket.destroy(), LINGER_MS);
  message.once("close", () => clearTimeout(timer));
}

function isStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

/** Writes pieces as they come; a client that goes ends what makes them. */
async function writeStream(response: Response, writer: ServerResponse): Promise<void> {
  writer.writeHead(response.status, Object.fromEntries(response.headers));
  writer.flushHeaders();
  const reader = response.body!.getReader();
  writer.once("close", () => void reader.cancel().catch(() => {}));
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (!writer.write(piece.value)) {
      await new Promise((resolve) => writer.once("drain", resolve).once("close", resolve));
    }
  }
  writer.end();
}

function readBody(
  message: IncomingMessage,
  mostBytes: number,
  budget: { leftBytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (found: number) =>
    new RequestError(413, `Cannot read the body as it must be at most ${mostBytes} bytes: found ${found} or more`);
  const declared = Number(message.headers["content-length"] ?? 0);
  if (declared > mostBytes) return Promise.reject(tooLarge(declared));
  const pieces: Uint8Array[] = [];
  let length = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    const stalled = () =>
      reject(new RequestError(408, `Cannot read the body as it must come: nothing came for ${STALL_MS / 1000} s`));
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(stalled, STALL_MS);
    };
    wait();
    message.on("data", (piece: Uint8Array) => {
      wait();
      length += piece.length;
      budget.leftBytes -= piece.length;
      if (length > mostBytes) return reject(tooLarge(length));
      if (budget.leftBytes < 0) {
        return reject(new RequestError(503, "Cannot read the body as others are read already: there is no more room"));
      }
      pieces.push(piece);
    });
    message.once("end", () => resolve(concatenate(pieces)));
    message.once("close", () => reject(new RequestError(400, "Cannot read the body as the client is gone")));
    message.once("error", reject);
  }).finally(() => {
    clearTimeout(timer);
    message.removeAllListeners("data");
    budget.leftBytes += length;
  });
}
