import type { Transport } from "../../../src/core/transport.ts";
import type { Access } from "../../../src/wire/access.ts";
import { openTransport, type OpenTransportOptions } from "../../../src/wire/open_transport.ts";
import type { TransportName } from "../../../src/wire/transport_names.ts";
import { TRANSPORTS } from "../../../src/wire/transports.ts";

/** A transport of the table, as the cases of the conformance suite see it. */
export interface Subject {
  /** Opens it. */
  open(url: string, access?: Access, options?: OpenTransportOptions): Transport;
  /** Says what it must do. A case whose needs the transport does not serve is left out. */
  test(what: string, check: () => void | Promise<void>, needs?: readonly Need[]): void;
}

/** A way to a server that not every transport serves. */
type Need = keyof Access | "https";

/** The transport of a name, for the cases. */
export function subjectOf(name: TransportName): Subject {
  const { http = [], https } = TRANSPORTS[name].ways;
  return {
    open: (url, access, options) => openTransport(url, access, { ...options, transport: name }),
    test(what, check, needs = []) {
      const served: readonly Need[] = needs.includes("https") && https !== undefined ? [...https, "https"] : http;
      const missing = needs.filter((way) => !served.includes(way));
      const reason = missing.length === 0 ? "" : ` (it does not serve ${missing.join(", ")})`;
      Deno.test({ name: `${name}: ${what}${reason}`, ignore: missing.length > 0, fn: check });
    },
  };
}
