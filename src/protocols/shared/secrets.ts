import type { Protocol } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";

const MASK = "***";
/** Authentication schemes are no secrets. */
const SCHEME = /^(bearer|digest)$/i;

/**
 * The parts of the values of headers, or of a query, that must not be shown: the values and, for `Bearer abc`, what follows the scheme.
 * Parts under 6 characters are left out, since replacing them everywhere would garble messages and hide nothing.
 *
 * @param headers Names and values in turn.
 */
export function secretsOf(headers: readonly string[]): string[] {
  const values = headers.filter((_, i) => i % 2 === 1);
  const parts = values.flatMap((value) => [value, ...value.split(/[\s,;=]+/)]);
  return [...new Set(parts)].filter((part) => part.length >= 6 && !SCHEME.test(part)).sort((a, b) =>
    b.length - a.length
  );
}

/**
 * A text with every secret in it masked.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { masked } from "./secrets.ts";
 * assertEquals(masked("bad token abc123", ["abc123"]), "bad token ***");
 * ```
 *
 * @param text Any text.
 * @param secrets What to mask.
 */
export function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
}

/** Calls whose answers have every secret masked, since a server's words end up in messages. */
export function maskedCall(call: Call, secrets: readonly string[]): Call {
  if (secrets.length === 0) return call;
  return async (request, options) => {
    const { status, headers, body } = await call(request, options);
    const entries = Object.entries(headers).map(([name, value]) => [name, masked(value, secrets)]);
    const text = masked(new TextDecoder().decode(body), secrets);
    return { status, headers: Object.fromEntries(entries), body: new TextEncoder().encode(text) };
  };
}

/** A protocol whose verdicts have every secret masked; the rest of it is masked by its calls. */
export function maskedVerdicts(protocol: Protocol, secrets: readonly string[]): Protocol {
  if (secrets.length === 0) return protocol;
  return {
    ...protocol,
    judge(response, asked) {
      const verdict = protocol.judge(response, asked);
      return verdict.kind === "success" ? verdict : { ...verdict, message: masked(verdict.message, secrets) };
    },
  };
}
