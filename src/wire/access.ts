import { isIP } from "node:net";
import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import { percentDecoded } from "../core/untrusted/percent.ts";

/** How to get to a server, besides its URL. Files are given by what they hold. */
export interface Access {
  /** Certificates of the authorities that the server's certificate is checked with, PEM. */
  readonly ca?: string;
  /** Certificate that the client shows, PEM. */
  readonly clientCertificate?: string;
  /** Private key of that certificate, PEM. */
  readonly clientKey?: string;
  /** Name that the server's certificate is checked against, and that it is asked for, instead of the URL's host. */
  readonly tlsName?: string;
  /** Takes any certificate of the server, unchecked: whoever answers may be another. */
  readonly insecure?: true;
  /** Path of a Unix socket that is connected to instead of the URL's host and port. */
  readonly unixSocket?: string;
  /** URL of an HTTP proxy; a name and a password in it are sent to it alone. */
  readonly proxy?: string;
}

const HOST_NAME = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i;

/** An HTTP proxy in the parts that connections are made of. */
export interface Proxy {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Value of `proxy-authorization`, or `null`. */
  readonly authorization: string | null;
}

/**
 * Reads a proxy's URL. Messages never hold it whole, since it may hold a password.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseProxy } from "./access.ts";
 * assertEquals(parseProxy("http://a:b@proxy:3128"), {
 *   origin: "http://proxy:3128",
 *   authorization: "Basic YTpi",
 * });
 * ```
 *
 * @param text What the user wrote.
 * @throws {UsageError} If it is no http or https URL of a host.
 */
export function parseProxy(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw new UsageError("Cannot use the proxy as its URL must start with http:// or https:// and name a host", {
      hint: naming`Write ${option("access.proxy", "http://host:port")}.`,
    });
  }
  const credentials = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
  return {
    origin: url.origin,
    authorization: credentials === ":" ? null : `Basic ${new TextEncoder().encode(credentials).toBase64()}`,
  };
}

/**
 * Refuses what cannot be together, and what is not what it must be.
 *
 * @throws {UsageError} Naming it.
 */
export function checkAccess({ ca, unixSocket, proxy, clientCertificate, clientKey, tlsName }: Access): void {
  if (tlsName !== undefined && !HOST_NAME.test(tlsName) && isIP(tlsName) === 0) {
    throw new UsageError(
      `Cannot check the server's certificate against a name as it must be a host's, without a port: found "${tlsName}"`,
      { hint: naming`Write ${option("access.tlsName", "gpu-box.example.com")}.` },
    );
  }
  if (unixSocket !== undefined && proxy !== undefined) {
    throw new UsageError("Cannot connect by a Unix socket and a proxy as there must be one way: found both");
  }
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    const missing = clientKey === undefined ? "key" : "certificate";
    throw new UsageError(`Cannot use a client certificate as it must come with its key: there is no ${missing}`);
  }
  checkPem(ca, "access.ca", "CERTIFICATE");
  checkPem(clientCertificate, "access.clientCertificate", "CERTIFICATE");
  checkPem(clientKey, "access.clientKey", "PRIVATE KEY");
}

/** Refuses what is no PEM of a kind: TLS would pass it over in silence, and then trust nobody. */
function checkPem(text: string | undefined, key: string, kind: "CERTIFICATE" | "PRIVATE KEY"): void {
  if (text === undefined) return;
  const kinds = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, found]) => found!);
  if (kinds.some((found) => found.endsWith(kind) && !found.startsWith("ENCRYPTED"))) return;
  const required = kind === "CERTIFICATE" ? "a certificate" : "a private key that is not encrypted";
  const found = kinds.length === 0 ? "none" : `"${[...new Set(kinds)].join('" and "')}" alone`;
  throw new UsageError(naming`Cannot use ${option(key)} as it must hold ${required}, PEM: it holds ${found}`, {
    hint: `Such a file has a line "-----BEGIN ${kind}-----".`,
  });
}

/**
 * What of the access must not be shown, as headers hold it: a proxy's name and password.
 *
 * @returns Names and values in turn.
 */
export function secretHeaders({ proxy }: Access): string[] {
  if (proxy === undefined) return [];
  const { authorization } = parseProxy(proxy);
  if (authorization === null) return [];
  const { username, password } = new URL(proxy);
  return ["proxy-authorization", authorization, "proxy", `${username}:${password}`];
}
