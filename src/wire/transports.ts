import { openHttp1Transport } from "./http1/http1_transport.ts";
import type { TransportKind } from "./transport_kind.ts";
import { openUndiciTransport } from "./undici/undici_transport.ts";

/**
 * Every transport by its name: where none is asked for, the first that serves the URL and the access is used. To add one,
 * give it a folder of its own and a row here; nothing else names it.
 */
export const TRANSPORTS: Readonly<Record<string, TransportKind>> = {
  /** HTTP/1.1 over Deno's own sockets, which have no TLS over Unix sockets. */
  http1: {
    ways: {
      http: ["ca", "clientCertificate", "clientKey", "unixSocket"],
      https: ["ca", "clientCertificate", "clientKey"],
    },
    open: openHttp1Transport,
  },
  /** HTTP/1.1 by `npm:undici`. */
  undici: {
    ways: {
      http: ["ca", "clientCertificate", "clientKey", "unixSocket", "proxy"],
      https: ["ca", "clientCertificate", "clientKey", "unixSocket", "proxy"],
    },
    open: openUndiciTransport,
  },
};
