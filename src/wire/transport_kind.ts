import { UsageError } from "../core/errors.ts";
import type { Transport } from "../core/transport.ts";
import type { Access } from "./access.ts";
import type { ServerUrl } from "./url.ts";

/** What a transport is opened with: everything is checked, and defaults are filled in. */
export interface TransportSettings {
  /** Where the server is. */
  readonly server: ServerUrl;
  /** How to get there; only ways that the transport said to serve. */
  readonly access: Access;
  /** Names in lower case and values in turn that go with every request. */
  readonly headers: readonly string[];
  /** Largest body that is taken, streamed or not, bytes; more is a malformed answer. */
  readonly maxBodyBytes: number;
}

/** One way of carrying requests: what it serves, and how it is opened. */
export interface TransportKind {
  /** Schemes of the URLs that it takes. */
  readonly schemes: readonly ("http" | "https")[];
  /** Ways to a server that it can go, besides a plain connection to the URL's host and port. */
  readonly access: readonly (keyof Access)[];
  /** Opens it. No bytes flow before the first request. */
  open(settings: TransportSettings): Transport;
}

/**
 * Refuses what would be ignored: a server reached another way than was said is another server.
 *
 * @param name Name of the transport, for the message.
 * @param kind What it serves.
 * @param origin Scheme, host and port of the server.
 * @param access How to get there.
 * @throws {UsageError} If the transport takes no such URL, or does not go one of the ways.
 */
export function checkServed(name: string, kind: TransportKind, origin: string, access: Access): void {
  const scheme = new URL(origin).protocol.slice(0, -1);
  if (!kind.schemes.some((served) => served === scheme)) {
    const served = kind.schemes.join(" and ");
    throw new UsageError(`Cannot use the transport "${name}" as the URL's scheme must be ${served}: found ${scheme}`);
  }
  const given = Object.entries(access).filter(([, value]) => value !== undefined).map(([way]) => way);
  const missing = given.find((way) => !kind.access.some((served) => served === way));
  if (missing === undefined) return;
  throw new UsageError(
    `Cannot use the transport "${name}" as it must serve every way that the access names: it does not serve ${missing}`,
  );
}
