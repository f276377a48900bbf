import { UsageError } from "../../../core/errors.ts";
import { naming, option } from "../../../core/option_words.ts";
import { percentDecoded } from "../../../core/untrusted/percent.ts";

/** Where metrics are read. */
export interface MetricsUrl {
  /** What is asked for, without name and password. */
  readonly href: string;
  /** What people are shown: the same without the values of its query, which may be secret. */
  readonly shown: string;
  /** Value of `authorization`, or `null`. */
  readonly authorization: string | null;
}

/**
 * Reads the URL of GPU metrics. Without a path it is that of `/metrics`. Messages never hold it whole, since it may hold a
 * password.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseMetricsUrl } from "./metrics_url.ts";
 * assertEquals(parseMetricsUrl("http://me:secret@gpu-1:9400"), {
 *   href: "http://gpu-1:9400/metrics",
 *   shown: "http://gpu-1:9400/metrics",
 *   authorization: "Basic bWU6c2VjcmV0",
 * });
 * ```
 *
 * @param text What the user wrote.
 * @throws {UsageError} If it is no http or https URL of a host.
 */
export function parseMetricsUrl(text: string): MetricsUrl {
  const trimmed = text.trim();
  const url = /^https?:\/\/[^/]/i.test(trimmed) && URL.canParse(trimmed) ? new URL(trimmed) : null;
  if (url === null) {
    const shown = trimmed.replace(/(^|\/\/).*@/s, "$1***@").replace(/\?.*/s, "?***");
    throw new UsageError(
      `Cannot use the URL of the GPU metrics as it must start with http:// or https:// and name a host: current value is "${shown}"`,
      { hint: naming`Write ${option("gpuMetricsUrl", "http://host:9400/metrics")}.` },
    );
  }
  const credentials = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
  const path = url.pathname === "/" && url.search === "" ? "/metrics" : url.pathname + url.search;
  return {
    href: url.origin + path,
    shown: url.origin + path.replaceAll(/=[^&]*/g, "=***"),
    authorization: credentials === ":" ? null : `Basic ${new TextEncoder().encode(credentials).toBase64()}`,
  };
}
