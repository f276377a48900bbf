import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";

/** A server's base URL in the parts that requests are made of. */
export interface ServerUrl {
  /** Scheme, host and port: `http://127.0.0.1:8000`. */
  readonly origin: string;
  /** Path below which the server's own paths are, without a slash at its end; `""` for none. */
  readonly basePath: string;
  /** Both: what people are shown. */
  readonly href: string;
}

/**
 * Reads the base URL of a server.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseServerUrl } from "./url.ts";
 * assertEquals(parseServerUrl("http://gpu-1:8000/models/"), {
 *   origin: "http://gpu-1:8000",
 *   basePath: "/models",
 *   href: "http://gpu-1:8000/models",
 * });
 * ```
 *
 * @param text What the user wrote.
 * @throws {UsageError} If it is not an absolute http or https URL, or has credentials, a query or a fragment.
 */
export function parseServerUrl(text: string): ServerUrl {
  const trimmed = text.trim();
  const url = /^https?:\/\/[^/]/i.test(trimmed) && URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (url === null) {
    const lacksScheme = !/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) && URL.canParse(`http://${trimmed}`);
    throw new UsageError(
      `Cannot use the server's URL as it must start with http:// or https:// and name a host: current value is "${
        withoutCredentials(trimmed)
      }"`,
      trimmed !== "" && lacksScheme ? { hint: `Write http://${withoutCredentials(trimmed)}.` } : {},
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(
      `Cannot use the server's URL as it must hold no user name or password: found some before "@${url.host}"`,
      { hint: naming`Give credentials with ${option("headers")}.` },
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new UsageError(
      `Cannot use the server's URL as it must end with the path: found "${url.search.replace(/=[^&]*/g, "=***")}${
        url.hash === "" ? "" : "#***"
      }" behind it`,
      url.search === "" ? {} : { hint: naming`Give what goes behind every path with ${option("query")}.` },
    );
  }
  const basePath = url.pathname.replace(/\/+$/, "");
  return { origin: url.origin, basePath, href: url.origin + basePath };
}

/** A malformed URL may still hold a password or a token, and messages end up in logs. */
function withoutCredentials(text: string): string {
  return text.replace(/(^|\/\/).*@/s, "$1***@").replace(/[?#].*$/s, (rest) => rest.replaceAll(/=[^&]*/g, "=***"));
}
