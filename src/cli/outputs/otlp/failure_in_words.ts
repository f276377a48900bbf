import type { ExportEnd } from "./main.ts";

const ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it closed the connection",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its name cannot be looked up",
  ETIMEDOUT: "it does not answer",
  ENETUNREACH: "there is no way to it",
  EHOSTUNREACH: "there is no way to it",
};

/**
 * Why metrics were not sent. What the collector or the packages say may repeat what is secret: only what is known is told.
 *
 * @param end How sending ended.
 * @returns `null` if they were sent.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(failureInWords({ message: "no: Bearer abc", code: 401 }), "it answered with status 401");
 * assertEquals(failureInWords({ message: "connect", code: "ECONNREFUSED" }), "nothing listens there");
 * assertEquals(failureInWords({}), null);
 * ```
 */
export function failureInWords({ message, code }: ExportEnd): string | null {
  if (message === undefined) return null;
  if (typeof code === "number") return `it answered with status ${code}`;
  if (code !== undefined && code in ERRORS) return ERRORS[code]!;
  if (/retryable status/.test(message)) return "it answered that it is too busy";
  if (/timed out/i.test(message)) return "it did not answer in time";
  if (/certificate/i.test(message)) return "its certificate is not trusted, see OTEL_EXPORTER_OTLP_CERTIFICATE";
  return code === undefined ? "the connection failed" : `the connection failed with ${code}`;
}
