import type { ServerAddress } from "../../core/protocol.ts";
import type { Call, Transport } from "../../core/transport.ts";
import { type Access, secretHeaders } from "../../wire/access.ts";
import { callOver } from "../../wire/call.ts";
import { RESPONSE_LIMIT, type ResponseLimit } from "../../wire/answer_budget.ts";
import { checkedHeaders } from "../../wire/headers.ts";
import { openTransport, transportFor } from "../../wire/open_transport.ts";
import { type Query, repeatedQuery } from "../../wire/query.ts";
import { parseServerUrl } from "../../wire/url.ts";
import { askedAgain, LostConnections } from "./asked_again.ts";
import { maskedCall, secretsOf } from "./secrets.ts";

/** Deadline of a call, ms. */
const TIMEOUT_MS = 10_000;

/** How to get at a server and its other addresses. */
export interface ServerRoute {
  /** Headers that go with every request. Their values never appear in messages, but for names of models. @default {{}} */
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes behind the path of every request. The values never appear in messages, but for names of models. @default {[]} */
  readonly query?: Query;
  /** Whether each measured request goes over a connection of its own. @default {false} */
  readonly connectionPerRequest?: boolean;
  /** Headers of requests to the server's management API; they replace `headers` of the same names there. @default {{}} */
  readonly managementHeaders?: Readonly<Record<string, string>>;
  /** Base URL of the management API of a server that has one. @default {the port that the protocol has for it} */
  readonly managementUrl?: string;
  /** Base URL of the metrics of a server that has them elsewhere. @default {the port that the protocol has for them} */
  readonly metricsUrl?: string;
  /** Certificates, a Unix socket or a proxy that lead to the server. @default {{}} */
  readonly access?: Access;
  /** Deadline of each call that names none, ms. @default {10000} */
  readonly timeoutMs?: number;
  /** How large answers may be, each and all that come at once. @default {64 MiB each} */
  readonly maxResponse?: ResponseLimit;
  /** Name of the transport that carries the requests. @default {the first that serves the URL and the access} */
  readonly transport?: string;
}

/** The calls on one server, at all its addresses; secrets are masked in their answers. */
export interface ServerCalls {
  /** What must not be shown: values of headers, a proxy's password. */
  readonly secrets: readonly string[];
  /** Calls that were made again. */
  readonly lost: LostConnections;
  /** Calls on the base URL. */
  readonly call: Call;
  /** Calls on another address: where the user said, or some ports behind the base URL's. */
  callTo(address: ServerAddress, portOffset: number): Call;
  /** Opens a fresh transport to the base URL; the caller closes it. */
  openTransport(): Transport;
  /** Opens a transport of the same kind to another origin, without headers; the caller closes it. */
  openTransportTo(origin: string): Transport;
  /** Closes what the calls opened. */
  close(): Promise<void>;
}

/**
 * Opens calls on a server.
 *
 * @param href Its base URL.
 * @param route How to get at it.
 * @param more What else must not be shown: names and values in turn.
 * @throws {UsageError} If a header, a URL or the access cannot be used.
 */
export function openServerCalls(href: string, route: ServerRoute, more: readonly string[] = []): ServerCalls {
  const {
    headers = {},
    query = [],
    connectionPerRequest = false,
    managementHeaders = {},
    access = {},
    timeoutMs = TIMEOUT_MS,
    transport: name,
    maxResponse = RESPONSE_LIMIT,
  } = route;
  const secrets = secretsOf([
    ...checkedHeaders(headers),
    ...checkedHeaders(managementHeaders),
    ...repeatedQuery(query),
    ...secretHeaders(access),
    ...more,
  ]);
  const transport = name ?? transportFor(parseServerUrl(href).origin, access);
  const measuring = { transport, connectionPerRequest, maxResponse };
  const transports: Transport[] = [];
  const lost = new LostConnections();
  let isClosed = false;
  const callsTo = (url: string, access: Access, headers: Readonly<Record<string, string>>): Call => {
    const transport = openTransport(url, access, { transport: name, headers, query, maxResponse });
    transports.push(transport);
    const again = askedAgain(callOver(transport, url), { timeoutMs, lost, isClosed: () => isClosed });
    return maskedCall(again, secrets);
  };
  return {
    secrets,
    lost,
    call: callsTo(href, access, headers),
    callTo(address, portOffset) {
      const given = address === "management" ? route.managementUrl : route.metricsUrl;
      const all = address === "management" ? { ...lowerCased(headers), ...lowerCased(managementHeaders) } : headers;
      if (given === undefined) return callsTo(behind(href, portOffset), access, all);
      // A Unix socket is the way to one address only.
      const { unixSocket: _, ...rest } = access;
      return callsTo(parseServerUrl(given).href, rest, all);
    },
    openTransport: () => openTransport(href, access, { ...measuring, headers, query }),
    openTransportTo: (origin) => openTransport(origin, {}, measuring),
    async close() {
      isClosed = true;
      await Promise.all(transports.map((transport) => transport.close()));
    },
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function behind(href: string, portOffset: number): string {
  const url = new URL(href);
  url.port = String(Number(url.port || (url.protocol === "https:" ? 443 : 80)) + portOffset);
  return url.origin;
}
