import { createServer, type Socket } from "node:net";

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
  /** Sends bytes as they are. */
  write(bytes: string | Uint8Array): Promise<void>;
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
}

/** An HTTP/1.1 answer with a right content-length. */
export function httpAnswer(body: string, status = 200, headers: readonly string[] = []): string {
  const lines = [`HTTP/1.1 ${status} Whatever`, `content-length: ${new TextEncoder().encode(body).length}`, ...headers];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** Starts a raw server; `script` runs once per connection. `node:net`, since Deno's own sockets cannot send RST. */
export async function startRawServer(
  script: (connection: RawConnection) => Promise<void>,
  hostname = "127.0.0.1",
): Promise<RawServer> {
  const open = new Set<Socket>();
  const running = new Set<Promise<void>>();
  let accepted = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    const connection = wrap(socket, accepted++);
    const run = script(connection).finally(() => {
      running.delete(run);
      connection.close();
    });
    running.add(run);
  });
  await new Promise<void>((resolve) => server.listen(0, hostname, resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
    port,
    accepted: () => accepted,
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
    write: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve())),
    close: () => socket.end(),
    destroy: () => socket.destroy(),
    reset: () => socket.resetAndDestroy(),
  };
}
