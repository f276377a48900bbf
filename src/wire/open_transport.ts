import { UsageError } from "../core/errors.ts";
import type { Transport } from "../core/transport.ts";
import { type Access, checkAccess } from "./access.ts";
import { AnswerBudget, RESPONSE_LIMIT, type ResponseLimit } from "./answer_budget.ts";
import { checkedHeaders } from "./headers.ts";
import { encodedQuery, type Query } from "./query.ts";
import { checkServed, serves } from "./transport_kind.ts";
import { TRANSPORT_NAMES, type TransportName } from "./transport_names.ts";
import { TRANSPORTS } from "./transports.ts";
import { parseServerUrl } from "./url.ts";

/** Options of {@linkcode openTransport}. */
export interface OpenTransportOptions {
  /** Name of the transport, one of `TRANSPORTS`. @default {the first of them that serves the URL and the access} */
  readonly transport?: string | undefined;
  /** Headers that go with every request; they replace a request's own of the same name. @default {{}} */
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes behind the path of every request. @default {[]} */
  readonly query?: Query;
  /** Whether each request goes over a connection of its own; opening it is part of its time. @default {false} */
  readonly connectionPerRequest?: boolean;
  /** How large answers may be, each and all that come at once, streamed or not. @default {64 MiB each} */
  readonly maxResponse?: ResponseLimit;
}

/**
 * Opens a transport to a server. One connection per lane, one request outstanding on it. Redirects are answers like any
 * other: following one would measure another server.
 *
 * @param url Base URL of the server; paths of requests go below its own path.
 * @param access How to get there. @default {{}}
 * @param options Which transport, and what goes with every request.
 * @throws {UsageError} If the URL, a header, the access or the transport's name cannot be used.
 */
export function openTransport(url: string, access: Access = {}, options: OpenTransportOptions = {}): Transport {
  const { headers = {}, query = [], connectionPerRequest = false, maxResponse = RESPONSE_LIMIT } = options;
  const server = parseServerUrl(url);
  checkAccess(access);
  const name = options.transport ?? transportFor(server.origin, access);
  const known = TRANSPORT_NAMES.find((one) => one === name);
  if (known === undefined) {
    throw new UsageError(
      `Cannot open a transport as its name must be one of ${TRANSPORT_NAMES.join(", ")}: found "${name}"`,
    );
  }
  const kind = TRANSPORTS[known];
  checkServed(known, kind, server.origin, access);
  return kind.open({
    server,
    access,
    headers: checkedHeaders(headers),
    query: encodedQuery(query),
    connectionPerRequest,
    budget: new AnswerBudget(maxResponse),
  });
}

/**
 * The transport that is used where none is asked for: the first of the table that serves the URL and the access, or the
 * first of all, which then says what it lacks.
 *
 * @param origin Scheme, host and port of the server.
 * @param access How to get there.
 */
export function transportFor(origin: string, access: Access): TransportName {
  return TRANSPORT_NAMES.find((name) => serves(TRANSPORTS[name], origin, access)) ?? TRANSPORT_NAMES[0];
}
