import type { ProtocolCallOptions } from "../protocol.ts";

/** How long a model may take to load where nobody says it, ms. */
export const LOAD_TIMEOUT_MS = 120_000;

/**
 * The options of a call that loads or registers a model, which waits as long as that may take.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(loading({ timeoutMs: 1000, loadTimeoutMs: 60_000 }).timeoutMs, 60_000);
 * assertEquals(loading({ timeoutMs: 1000 }).timeoutMs, 120_000);
 * ```
 */
export function loading(options: ProtocolCallOptions = {}): ProtocolCallOptions & { readonly timeoutMs: number } {
  return { ...options, timeoutMs: options.loadTimeoutMs ?? LOAD_TIMEOUT_MS };
}
