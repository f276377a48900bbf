import { naming, option, type OptionWords } from "../../core/option_words.ts";
import type { Call } from "../../core/transport.ts";

/** An answer that leads elsewhere. */
export interface Redirect {
  /** Path that was asked, below the server's base URL. */
  readonly path: string;
  /** Where it leads, as the server wrote it, or `null`. */
  readonly location: string | null;
}

/**
 * Calls that tell of every answer that leads elsewhere.
 *
 * @param call Carries the calls.
 * @param onRedirect Is told.
 */
export function watchedForRedirects(call: Call, onRedirect: (redirect: Redirect) => void): Call {
  return async (request, options) => {
    const response = await call(request, options);
    const { status, headers } = response;
    if (status >= 300 && status < 400) onRedirect({ path: request.path, location: headers["location"] ?? null });
    return response;
  };
}

/**
 * What to do about a redirect. It is not followed, since what it leads to is another server.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inWords } from "../../core/option_words.ts";
 * import { redirectHint } from "./redirect.ts";
 * const hint = redirectHint("http://a", { path: "/health", location: "https://b/below/health" });
 * assertEquals(inWords(hint), "Redirects are not followed: try url: https://b/below.");
 * ```
 *
 * @param href The server's base URL.
 * @param redirect What it answered.
 */
export function redirectHint(href: string, { path, location }: Redirect): OptionWords {
  if (location === null || !URL.canParse(location, href + path)) return "Redirects are not followed.";
  const target = new URL(location, href + path);
  const asked = path.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const led = target.pathname.replace(/\/+$/, "");
  // Another host's root may be a base URL; the own one, or what is told where to go on from, is a page.
  const isRoot = led === "" && target.search === "" && target.origin !== new URL(href).origin;
  if (!isRoot && !led.endsWith(asked)) {
    return naming`Redirects are not followed: is that a page to log in, or has the server another base URL (${
      option("url")
    })?`;
  }
  const base = target.origin + (isRoot ? "" : led.slice(0, led.length - asked.length));
  const addsSlash = target.pathname.endsWith("/") && !/^[^?#]*\/([?#]|$)/.test(path);
  // A server behind TLS that does not know of it writes http.
  if (base === href || addsSlash && base.replace(/^http:/, "https:") === href) {
    return addsSlash
      ? "Redirects are not followed: the server wants a slash behind its paths, which cannot be given."
      : "Redirects are not followed, and this one leads to where it came from: is a proxy between set wrongly?";
  }
  return naming`Redirects are not followed: try ${option("url", base)}.`;
}
