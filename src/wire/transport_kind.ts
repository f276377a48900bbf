import { UsageError } from "../core/errors.ts";
import type { Transport } from "../core/transport.ts";
import type { AnswerBudget } from "./answer_budget.ts";
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
  /** Goes behind every path, encoded; `""` for nothing. */
  readonly query: string;
  /** Whether each request goes over a connection of its own, which is closed behind its answer. */
  readonly connectionPerRequest: boolean;
  /** Bounds bodies, streamed or not. */
  readonly budget: AnswerBudget;
}

/** Scheme of a server's URL. */
export type Scheme = "http" | "https";

/** One way of carrying requests: what it serves, and how it is opened. */
export interface TransportKind {
  /**
   * Ways to a server that it can go with each scheme, besides a plain connection to the URL's host and port. It takes no
   * URL of a scheme that is left out.
   */
  readonly ways: Readonly<Partial<Record<Scheme, readonly (keyof Access)[]>>>;
  /** Opens it. No bytes flow before the first request. */
  open(settings: TransportSettings): Transport;
}

/**
 * What a transport lacks to reach a server as it was said.
 *
 * @param kind What it serves.
 * @param origin Scheme, host and port of the server.
 * @param access How to get there.
 * @returns The reason, for people, or `null` if it lacks nothing.
 */
function missingOf({ ways }: TransportKind, origin: string, access: Access): string | null {
  const scheme = new URL(origin).protocol.slice(0, -1);
  const served = ways[scheme as Scheme];
  if (served === undefined) {
    return `the URL's scheme must be ${Object.keys(ways).join(" and ")}: found ${scheme}`;
  }
  const given = Object.entries(access).filter(([, value]) => value !== undefined).map(([way]) => way);
  const missing = given.find((way) => !served.some((name) => name === way));
  if (missing === undefined) return null;
  return `it must serve every way that the access names: it does not serve ${missing} with ${scheme}`;
}

/** Whether a transport reaches a server as it was said. */
export function serves(kind: TransportKind, origin: string, access: Access): boolean {
  return missingOf(kind, origin, access) === null;
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
  const missing = missingOf(kind, origin, access);
  if (missing !== null) throw new UsageError(`Cannot use the transport "${name}" as ${missing}`);
}
