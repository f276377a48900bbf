import type { Transport } from "../../core/transport.ts";
import { type Access, parseProxy, type Proxy } from "../access.ts";
import type { TransportSettings } from "../transport_kind.ts";
import { transportOfLanes } from "../transport_of_lanes.ts";
import type { ServerUrl } from "../url.ts";
import { connectorFor } from "./connector.ts";
import { UndiciLane } from "./undici_lane.ts";

/**
 * HTTP/1.1 over `npm:undici`: one connection per lane, kept alive, TCP_NODELAY, one request outstanding.
 *
 * @param settings Where the server is, and what goes with every request.
 */
export function openUndiciTransport(settings: TransportSettings): Transport {
  const { server, access, headers, query, connectionPerRequest, budget } = settings;
  const proxy = access.proxy === undefined ? null : parseProxy(access.proxy);
  const isTunnelled = proxy !== null && server.origin.startsWith("https:");
  let resentRequests = 0;
  const lanes = {
    origin: server.origin,
    basePath: server.basePath,
    query,
    keepsAlive: !connectionPerRequest,
    headers,
    connect: connectorFor(proxy === null || isTunnelled ? access : waysToProxy(access), isTunnelled ? proxy : null),
    budget,
    onResent: () => resentRequests++,
    ...proxy === null || isTunnelled ? {} : forwarded(proxy, server, headers),
  };
  const transport = transportOfLanes(server.origin, (onClosed) => new UndiciLane(lanes, onClosed));
  return {
    ...transport,
    get resentRequests() {
      return resentRequests;
    },
  };
}

/** What is said of the server's certificate is not said of the proxy's. */
function waysToProxy({ ca }: Access): Access {
  return ca === undefined ? {} : { ca };
}

/** A plain request goes to the proxy with the whole URL as its path (RFC 9112, 3.2.2). */
function forwarded({ origin, authorization }: Proxy, server: ServerUrl, headers: readonly string[]) {
  const host = headers.some((name, i) => i % 2 === 0 && name === "host") ? [] : ["host", new URL(server.origin).host];
  return {
    origin,
    basePath: server.href,
    headers: [...headers, ...host, ...authorization === null ? [] : ["proxy-authorization", authorization]],
  };
}
