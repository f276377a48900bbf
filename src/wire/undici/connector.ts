import { isIP, type Socket } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
// @ts-types="./undici_types.ts"
import { buildConnector, Client } from "undici";
import type { Access, Proxy } from "../access.ts";
import { unixSocketError } from "../own_limits.ts";
import type { Connect } from "./lane_settings.ts";

type Connector = buildConnector.connector;

/**
 * Opens sockets to one server: plain or by TLS, over TCP, a Unix socket, or a tunnel through a proxy.
 *
 * @param access How to get there.
 * @param tunnel The proxy that a tunnel goes through, or `null` for none.
 */
export function connectorFor(access: Access, tunnel: Proxy | null): Connect {
  const { ca, clientCertificate: cert, clientKey: key, unixSocket, tlsName, insecure } = access;
  const open = buildConnector({
    // The lane has deadlines of its own.
    timeout: 0,
    allowH2: false,
    ...ca === undefined ? {} : { ca },
    ...cert === undefined ? {} : { cert },
    ...key === undefined ? {} : { key },
    ...unixSocket === undefined ? {} : { socketPath: unixSocket },
    ...insecure === undefined ? {} : { rejectUnauthorized: false },
    ...tlsName === undefined ? {} : {
      checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(tlsName, certificate),
    },
  });
  // The header `host` has no part in whom the certificate is of.
  const connect: Connector = tlsName === undefined || isIP(tlsName) !== 0
    ? open
    : (options, callback) => open({ ...options, servername: tlsName }, callback);
  return (options, callback, signal) => {
    const opened: buildConnector.Callback = (...[error, socket]) => {
      if (error !== null) return callback(unixSocket === undefined ? error : unixSocketError(error) as Error, null);
      readBeforeError(socket);
      callback(null, socket);
    };
    if (tunnel === null) return until(signal, connect)(options, opened);
    openTunnel(tunnel, `${options.hostname}:${options.port || "443"}`, access, signal, (error, httpSocket) => {
      if (httpSocket === null) callback(error ?? new Error("the proxy gave no tunnel"), null);
      else until(signal, connect)({ ...options, httpSocket }, opened);
    });
  };
}

/** The same for as long as the signal has not come: undici lets go of a socket that it has not got, and leaves it open. */
function until(signal: AbortSignal, connect: Connector): Connector {
  return (options, callback) => {
    const giveUp = () => {
      socket.destroy();
      options.httpSocket?.destroy();
    };
    signal.addEventListener("abort", giveUp, { once: true });
    // Its types do not tell that it returns the socket.
    const socket = connect(options, (...opened) => {
      signal.removeEventListener("abort", giveUp);
      callback(...opened);
    }) as unknown as Socket;
  };
}

/**
 * A server may reset the connection right behind its answer, as TorchServe does behind every error. Where both come at
 * once the answer would be lost, since a socket that has an error says no more that it is readable. So it says so before.
 */
function readBeforeError(socket: Socket): void {
  const destroy = socket.destroy;
  socket.destroy = (error) => {
    if (error && !socket.destroyed && socket.readableLength > 0) socket.emit("readable");
    return destroy.call(socket, error);
  };
}

/** Asks a proxy for a tunnel (RFC 9110, 9.3.6). */
function openTunnel(
  { origin, authorization }: Proxy,
  target: string,
  { ca }: Access,
  signal: AbortSignal,
  opened: (error: Error | null, socket: Socket | null) => void,
): void {
  // The server's name, its certificates and what is not checked of it are no matter of the proxy.
  const connect = buildConnector({ timeout: 0, allowH2: false, ...ca === undefined ? {} : { ca } });
  const client = new Client(origin, { connect: until(signal, connect), headersTimeout: 0, bodyTimeout: 0 });
  const giveUp = () => void client.destroy();
  signal.addEventListener("abort", giveUp, { once: true });
  const headers = { host: target, ...authorization === null ? {} : { "proxy-authorization": authorization } };
  client.connect({ path: target, headers }, (error, data) => {
    signal.removeEventListener("abort", giveUp);
    if (error !== null) return opened(new Error(`the proxy ${origin} cannot be used: ${error.message}`), null);
    const { statusCode, socket } = data;
    if (statusCode === 200) return opened(null, socket as Socket);
    socket.destroy();
    const hint = statusCode === 407 ? ", it wants a name and a password in its URL" : "";
    opened(new Error(`the proxy ${origin} answers status ${statusCode}${hint}`), null);
  });
}
