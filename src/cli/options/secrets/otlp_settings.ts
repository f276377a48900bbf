import type { ReadVariable } from "./named_variable.ts";

/** Forms of OTLP over HTTP. */
const PROTOCOLS = ["http/protobuf", "http/json"] as const;

/** Where OpenTelemetry's metrics go. */
export interface OtlpSettings {
  /** The collector without what may be secret in its address; empty where that is no address. */
  readonly collector: string;
  /** In which form. */
  readonly protocol: typeof PROTOCOLS[number];
  /** What is wrong with the variables, for people and without their values; `null` if they can be used. */
  readonly wrong: string | null;
}

/**
 * What OpenTelemetry's variables ask for: metrics are sent where the endpoint is set, unless another exporter or none is
 * chosen. What else they say (path, headers, timeout, compression, certificates, attributes) the official packages read
 * themselves.
 *
 * @param environment Reads a variable.
 * @returns `null` where nothing is to be sent.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const variables = new Map([["OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318"]]);
 * assertEquals(otlpSettings((name) => variables.get(name)), {
 *   collector: "http://localhost:4318",
 *   protocol: "http/protobuf",
 *   wrong: null,
 * });
 * assertEquals(otlpSettings(() => undefined), null);
 * ```
 */
export function otlpSettings(environment: ReadVariable): OtlpSettings | null {
  const read = (name: string) => environment(name)?.trim() || undefined;
  const nameOf = (what: string) =>
    read(`OTEL_EXPORTER_OTLP_METRICS_${what}`) === undefined
      ? `OTEL_EXPORTER_OTLP_${what}`
      : `OTEL_EXPORTER_OTLP_METRICS_${what}`;
  const endpoint = read(nameOf("ENDPOINT"));
  const exporters = read("OTEL_METRICS_EXPORTER")?.split(",").map((name) => name.trim()) ?? ["otlp"];
  const isOff = read("OTEL_SDK_DISABLED")?.toLowerCase() === "true" || !exporters.includes("otlp");
  if (endpoint === undefined || isOff) return null;

  const url = URL.parse(endpoint);
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  const asked = read(nameOf("PROTOCOL"));
  const protocol = PROTOCOLS.find((name) => name === asked);
  const headers = read(nameOf("HEADERS"))?.split(",").filter((pair) => pair.trim() !== "") ?? [];
  const wrong = !isHttp
    ? `${nameOf("ENDPOINT")} must be an address such as http://localhost:4318`
    : asked !== undefined && protocol === undefined
    ? `${nameOf("PROTOCOL")} must be ${PROTOCOLS.join(" or ")}`
    : headers.every(isHeader)
    ? null
    : `${nameOf("HEADERS")} must hold name=value pairs, with a comma between them and % and , in values encoded`;
  return { collector: isHttp ? url.origin : "", protocol: protocol ?? "http/protobuf", wrong };
}

/** Whether OpenTelemetry takes it: others it leaves out without a word. */
function isHeader(pair: string): boolean {
  const [, value = ""] = /^\s*[\w!#$%&'*+.^`|~-]+\s*=\s*(\S.*)$/s.exec(pair) ?? [];
  try {
    return /^[\t\x20-\x7e\x80-\xff]+$/.test(decodeURIComponent(value));
  } catch {
    return false;
  }
}
