import { UsageError } from "../core/errors.ts";
import type { Transport } from "../core/transport.ts";
import { type Access, checkAccess } from "./access.ts";
import { checkedHeaders } from "./headers.ts";
import { checkServed, type TransportKind } from "./transport_kind.ts";
import { DEFAULT_TRANSPORT, TRANSPORTS } from "./transports.ts";
import { parseServerUrl } from "./url.ts";

/** Options of {@linkcode openTransport}. */
export interface OpenTransportOptions {
  /** Name of the transport, one of `TRANSPORTS`. @default {DEFAULT_TRANSPORT} */
  readonly transport?: string | undefined;
  /** Headers that go with every request; they replace a request's own of the same name. @default {{}} */
  readonly headers?: Readonly<Record<string, string>>;
  /** Largest body that is taken, streamed or not, bytes; more is a malformed answer. @default {268435456} */
  readonly maxBodyBytes?: number;
}

const MAX_BODY_BYTES = 256 * 2 ** 20;

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
  const { transport: name = DEFAULT_TRANSPORT, headers = {}, maxBodyBytes = MAX_BODY_BYTES } = options;
  const kind = kindOf(name);
  const server = parseServerUrl(url);
  checkAccess(access);
  checkServed(name, kind, server.origin, access);
  return kind.open({ server, access, headers: checkedHeaders(headers), maxBodyBytes });
}

function kindOf(name: string): TransportKind {
  if (Object.hasOwn(TRANSPORTS, name)) return TRANSPORTS[name]!;
  const known = Object.keys(TRANSPORTS).join(", ");
  throw new UsageError(`Cannot open a transport as its name must be one of ${known}: found "${name}"`);
}
