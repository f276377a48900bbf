import type { TransportKind } from "./transport_kind.ts";
import { openUndiciTransport } from "./undici/undici_transport.ts";

/** Every transport by its name. To add one, give it a folder of its own and a row here; nothing else names it. */
export const TRANSPORTS: Readonly<Record<string, TransportKind>> = {
  /** HTTP/1.1 by `npm:undici`. */
  undici: {
    schemes: ["http", "https"],
    access: ["ca", "clientCertificate", "clientKey", "unixSocket", "proxy"],
    open: openUndiciTransport,
  },
};

/** The transport that is used where none is asked for. */
export const DEFAULT_TRANSPORT = "undici";
