import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type Socket } from "node:net";
import type { Identity } from "./certificates.ts";

/** A server that listens until it is disposed of. */
export interface Listening extends AsyncDisposable {
  /** Its URL; of a Unix socket, one with any host. */
  readonly url: string;
  /** What it was asked: method, target and the authorization of a proxy. */
  readonly asked: string[];
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Says over which way it was asked: `{"host": ..., "peer": ...}`. */
const TELL: Handler = (request, response) => {
  const socket = request.socket as Socket & { getPeerCertificate?: () => { subject?: { CN?: string } } };
  const peer = socket.getPeerCertificate?.()?.subject?.CN ?? null;
  response.end(JSON.stringify({ host: request.headers.host, peer }));
};

/** A plain HTTP server on a port or, with `path`, on a Unix socket. */
export function startHttpServer(
  { path, handler = TELL }: { path?: string; handler?: Handler } = {},
): Promise<Listening> {
  return listen(createServer, "http", handler, path);
}

/** An HTTPS server; with `clientCa` it takes only clients that show a certificate of that authority. */
export function startHttpsServer(
  { certificate: cert, key }: Identity,
  clientCa?: string,
  handler: Handler = TELL,
): Promise<Listening> {
  const wanting = clientCa === undefined ? {} : { requestCert: true, rejectUnauthorized: true, ca: clientCa };
  return listen((handler) => createSecureServer({ cert, key, ...wanting }, handler), "https", handler);
}

/** A proxy: whole URLs are forwarded, CONNECT opens a tunnel. With `authorization` it wants that. */
export function startProxy(authorization?: string): Promise<Listening> {
  return listen(
    (handler) => {
      const server = createServer(handler);
      server.on("connect", (request: IncomingMessage, socket: Socket) => {
        if (authorization !== undefined && request.headers["proxy-authorization"] !== authorization) {
          return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
        }
        const [host, port] = request.url!.split(":");
        const target = connect(Number(port), host!, () => {
          socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
          socket.pipe(target).pipe(socket);
        });
        for (const end of [socket, target]) end.on("error", () => (socket.destroy(), target.destroy()));
      });
      return server;
    },
    "http",
    async (request, response) => {
      if (authorization !== undefined && request.headers["proxy-authorization"] !== authorization) {
        response.statusCode = 407;
        return void response.end();
      }
      const headers = { "x-host": request.headers.host ?? "" };
      const answer = await fetch(request.url!, { method: request.method!, headers });
      response.end(await answer.text());
    },
  );
}

async function listen(
  create: (handler: Handler) => Server,
  scheme: string,
  handler: Handler,
  path?: string,
): Promise<Listening> {
  const asked: string[] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    asked.push([method, url, headers["proxy-authorization"]].filter((part) => part !== undefined).join(" "));
  const server = create((request, response) => {
    note(request);
    handler(request, response);
  });
  server.on("connect", note);
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) =>
    path === undefined ? server.listen(0, "127.0.0.1", resolve) : server.listen(path, resolve)
  );
  const address = server.address();
  const port = typeof address === "object" && address !== null ? `:${address.port}` : "";
  return {
    url: `${scheme}://${path === undefined ? "127.0.0.1" : "localhost"}${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
