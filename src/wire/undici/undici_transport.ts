import type { Lane, Transport } from "../../core/transport.ts";
import { type Access, checkAccess, parseProxy, type Proxy } from "../access.ts";
import { connectorFor } from "./connector.ts";
import { checkedHeaders } from "../headers.ts";
import { UndiciLane } from "./undici_lane.ts";
import { parseServerUrl } from "../url.ts";

/** Options of {@linkcode openUndiciTransport}. */
export interface UndiciTransportOptions extends Access {
  /** Headers that go with every request; they replace a request's own of the same name. @default {{}} */
  readonly headers?: Readonly<Record<string, string>>;
  /** Largest body that is taken, bytes; more is a malformed answer. @default {268435456} */
  readonly maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 256 * 2 ** 20;

/**
 * HTTP/1.1 over `npm:undici`: one connection per lane, kept alive, TCP_NODELAY, one request outstanding. Redirects are
 * answers like any other: following one would measure another server.
 *
 * @param url Base URL of the server; paths of requests go below its own path.
 * @param options What goes with every request.
 * @throws {UsageError} If the URL or a header cannot be used.
 */
export function openUndiciTransport(url: string, options: UndiciTransportOptions = {}): Transport {
  const { origin, basePath } = parseServerUrl(url);
  checkAccess(options);
  const headers = checkedHeaders(options.headers ?? {});
  const proxy = options.proxy === undefined ? null : parseProxy(options.proxy);
  const isTunnelled = proxy !== null && origin.startsWith("https:");
  const settings = {
    origin,
    basePath,
    headers,
    connect: connectorFor(options, isTunnelled ? proxy : null),
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    ...proxy === null || isTunnelled ? {} : forwarded(proxy, origin, basePath, headers),
  };
  const lanes: UndiciLane[] = [];
  let closed = false;
  const close = async () => {
    closed = true;
    await Promise.all(lanes.map((lane) => lane.close()));
  };
  return {
    origin,
    openLane(): Lane {
      if (closed) throw new TypeError("Cannot open a lane as the transport must be open: it is closed");
      const lane = new UndiciLane(settings);
      lanes.push(lane);
      return lane;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A plain request goes to the proxy with the whole URL as its path (RFC 9112, 3.2.2). */
function forwarded({ origin: proxyOrigin, authorization }: Proxy, origin: string, basePath: string, headers: string[]) {
  const host = headers.some((name, i) => i % 2 === 0 && name === "host") ? [] : ["host", new URL(origin).host];
  return {
    origin: proxyOrigin,
    basePath: origin + basePath,
    headers: [...headers, ...host, ...authorization === null ? [] : ["proxy-authorization", authorization]],
  };
}
