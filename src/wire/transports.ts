import { openHttp1Transport } from "./http1/http1_transport.ts";
import type { TransportKind } from "./transport_kind.ts";
import type { TransportName } from "./transport_names.ts";
import { openUndiciTransport } from "./undici/undici_transport.ts";

/** Every transport by its name. To add one, give it a folder of its own, a row here and a name; nothing else names it. */
export const TRANSPORTS: Readonly<Record<TransportName, TransportKind>> = {
  /**
   * HTTP/1.1 over Deno's own sockets, which have no TLS over Unix sockets, check every certificate, and take none that is
   * its own authority: that is what a server that is reached by another name mostly shows.
   */
  http1: {
    ways: {
      http: ["ca", "clientCertificate", "clientKey", "tlsName", "insecure", "unixSocket"],
      https: ["ca", "clientCertificate", "clientKey"],
    },
    open: openHttp1Transport,
  },
  /** HTTP/1.1 by `npm:undici`. */
  undici: {
    ways: {
      http: ["ca", "clientCertificate", "clientKey", "tlsName", "insecure", "unixSocket", "proxy"],
      https: ["ca", "clientCertificate", "clientKey", "tlsName", "insecure", "unixSocket", "proxy"],
    },
    open: openUndiciTransport,
  },
};
