import type { Access } from "../access.ts";
import { unixSocketError } from "../own_limits.ts";
import type { ServerUrl } from "../url.ts";

/**
 * Opens a socket to a server: plain or by TLS, over TCP or a Unix socket.
 *
 * @param server Where it is.
 * @param access How to get there.
 * @param signal Ends the connecting.
 * @returns The open socket, its TLS handshake done. Rejects where it cannot be opened.
 */
export async function openSocket(server: ServerUrl, access: Access, signal: AbortSignal): Promise<Deno.Conn> {
  const { unixSocket, ca, clientCertificate, clientKey } = access;
  if (unixSocket !== undefined) {
    return await Deno.connect({ transport: "unix", path: unixSocket }).catch((error) => {
      throw unixSocketError(error);
    });
  }
  const url = new URL(server.origin);
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const isSecure = url.protocol === "https:";
  const port = Number(url.port || (isSecure ? 443 : 80));
  const trust = ca === undefined ? {} : { caCerts: [ca] };
  if (isSecure && clientCertificate !== undefined && clientKey !== undefined) {
    signal.throwIfAborted();
    const pair = { cert: clientCertificate, key: clientKey };
    // Deno neither cuts that off nor sets TCP_NODELAY on what comes of it.
    const connecting = Deno.connectTls({ hostname, port, alpnProtocols: ["http/1.1"], ...trust, ...pair });
    return await shaken(await untilAborted(connecting, signal), signal);
  }
  const socket = await Deno.connect({ hostname, port, signal });
  // A request's last bytes must not wait for the acknowledgement of those before.
  socket.setNoDelay(true);
  if (!isSecure) return socket;
  return await shaken(await Deno.startTls(socket, { hostname, alpnProtocols: ["http/1.1"], ...trust }), signal);
}

/** Nobody waits any longer once the signal has come; a socket that comes later is closed. */
function untilAborted(connecting: Promise<Deno.TlsConn>, signal: AbortSignal): Promise<Deno.TlsConn> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    connecting.then((socket) => signal.aborted ? socket.close() : resolve(socket), reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}

/** A socket whose handshake is done, so that what it refuses is told as a connection that could not be opened. */
async function shaken(socket: Deno.TlsConn, signal: AbortSignal): Promise<Deno.TlsConn> {
  let isOpen = true;
  const close = () => {
    if (isOpen) socket.close();
    isOpen = false;
  };
  signal.addEventListener("abort", close, { once: true });
  try {
    signal.throwIfAborted();
    await socket.handshake();
    // It may have been done when the signal closed the socket.
    signal.throwIfAborted();
    return socket;
  } catch (error) {
    close();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}
