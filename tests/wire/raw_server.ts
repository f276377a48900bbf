import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Identity } from "./certificates.ts";

/** One HTTP request as it came over the socket. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A connection that one test script holds. */
export interface RawConnection {
  /** Number of this connection, from 0 in the order of acceptance. */
  readonly index: number;
  /** The next request, or `null` when the client closed. */
  read(): Promise<RawRequest | null>;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** Sends bytes as they are; false once the connection is gone. */
  write(bytes: string | Uint8Array): Promise<boolean>;
  /** Reads no more, so that what the client sends stays in the system's buffers. */
  pause(): void;
  /** Closes with FIN. */
  close(): void;
  /** Closes both ways, so that what the client still sends is answered with RST. */
  destroy(): void;
  /** Closes with RST. */
  reset(): void;
}

/** A TCP server that says exactly what a script makes it say, HTTP or not. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Connections accepted so far. */
  accepted(): number;
  /** Connections that are open now, but for paused ones, which do not learn that they were closed. */
  open(): number;
  /** Accepts no more; connections that are open stay. */
  stopListening(): void;
  /** Accepts again at the same port. */
  listenAgain(): Promise<void>;
}

/** An HTTP/1.1 answer with a right content-length. */
export function httpAnswer(body: string, status = 200, headers: readonly string[] = []): string {
  const lines = [`HTTP/1.1 ${status} Whatever`, `content-length: ${new TextEncoder().encode(body).length}`, ...headers];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/**
 * Starts a raw server; `script` runs once per connection. `node:net`, since Deno's own sockets cannot send RST.
 *
 * @param script What happens on a connection.
 * @param hostname Where it listens.
 * @param identity Speaks TLS with this certificate; without one it does not.
 */
export async function startRawServer(
  script: (connection: RawConnection) => Promise<unknown>,
  hostname = "127.0.0.1",
  identity: Identity | null = null,
): Promise<RawServer> {
  const open = new Set<Socket>();
  const running = new Set<Promise<unknown>>();
  let accepted = 0;
  const serve = (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    const connection = wrap(socket, accepted++);
    const run = script(connection).finally(() => {
      running.delete(run);
      connection.close();
    });
    running.add(run);
  };
  const server = identity === null
    ? createServer({ noDelay: true }, serve)
    : createTlsServer({ cert: identity.certificate, key: identity.key }, serve);
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, hostname, resolve));
  await listen(0);
  const { port } = server.address() as { port: number };
  return {
    url: `${identity === null ? "http" : "https"}://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
    port,
    accepted: () => accepted,
    open: () => [...open].filter((socket) => !socket.isPaused()).length,
    stopListening: () => void server.close(),
    listenAgain: () => listen(port),
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await Promise.all([...running, closed]);
    },
  };
}

/** A script that answers every request on a connection alike. */
export function answering(answer: (request: RawRequest) => string): (connection: RawConnection) => Promise<void> {
  return async (connection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      await connection.write(answer(request));
    }
  };
}

function wrap(socket: Socket, index: number): RawConnection {
  let buffered = "";
  let ended = false;
  let wake = () => {};
  const end = () => {
    ended = true;
    wake();
  };
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  // A client that drops the connection is part of what is tested.
  socket.on("error", end).on("end", end).on("close", end);
  // latin1, so that one character is one byte.
  socket.setEncoding("latin1").on("data", (chunk) => {
    buffered += chunk;
    wake();
  });
  const until = async (enough: () => boolean) => {
    while (!enough() && !ended) await new Promise<void>((resolve) => wake = resolve);
    return enough();
  };
  return {
    index,
    async read() {
      if (!await until(() => buffered.includes("\r\n\r\n"))) return null;
      const headLength = buffered.indexOf("\r\n\r\n");
      const [first = "", ...lines] = buffered.slice(0, headLength).split("\r\n");
      buffered = buffered.slice(headLength + 4);
      const headers = Object.fromEntries(lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }));
      const length = Number(headers["content-length"] ?? 0);
      if (!await until(() => buffered.length >= length)) return null;
      const body = buffered.slice(0, length);
      buffered = buffered.slice(length);
      const [method = "", path = ""] = first.split(" ");
      return { method, path, headers, body };
    },
    closed,
    write: (bytes) => new Promise((resolve) => socket.write(bytes, (error) => resolve(!error))),
    pause: () => socket.pause(),
    close: () => socket.end(),
    destroy: () => socket.destroy(),
    reset: () => socket.resetAndDestroy(),
  };
}
