/** What the system says where this machine, and not the server, refuses a connection, and what to do. */
const OWN_LIMITS: Readonly<Record<string, string>> = {
  EMFILE: "this process has as many files open as it may: ulimit -n raises that",
  ENFILE: "this machine has as many files open as it may",
  EADDRNOTAVAIL: "this machine has no port left for another connection to the server",
  EAGAIN: "this machine has no room for another connection",
  ENOBUFS: "this machine has no memory left for another connection",
  ENOMEM: "this machine has no memory left for another connection",
};

/**
 * What to do about a connection that this machine itself did not open.
 *
 * @param code The system's name of the error.
 * @returns `null` where it is not this machine that refused.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ownLimit("ECONNREFUSED"), null);
 * assertEquals(ownLimit("ENFILE"), "this machine has as many files open as it may");
 * ```
 */
export function ownLimit(code: string | null | undefined): string | null {
  return code === null || code === undefined ? null : OWN_LIMITS[code] ?? null;
}

/**
 * What a Unix socket that was not opened says: its server's queue of connections may be full, which the system tells as it
 * tells a limit of this machine elsewhere (unix(7)).
 *
 * @param error What opening it was rejected with.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { message } = unixSocketError(Object.assign(new Error("it failed"), { code: "EAGAIN" })) as Error;
 * assertEquals(message, "EAGAIN, the server's queue of connections is full");
 * ```
 */
export function unixSocketError(error: unknown): unknown {
  const isFull = error instanceof Error && "code" in error && error.code === "EAGAIN";
  return isFull ? new Error("EAGAIN, the server's queue of connections is full") : error;
}
