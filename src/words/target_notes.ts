import type { TargetDescription } from "../results/target_description.ts";

/**
 * What a reader must know of how the server was reached, before any number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { targetNotes } from "./target_notes.ts";
 * const target = { url: "https://a", protocol: "kserve-v2", model: "m", embedded: false, device: null } as const;
 * assertEquals(targetNotes(target), []);
 * assertEquals(targetNotes({ ...target, unverified: true }).length, 1);
 * ```
 *
 * @param target What was measured.
 * @returns One sentence each; none where it was reached as usual.
 */
export function targetNotes({ unverified, connectionPerRequest }: TargetDescription): string[] {
  return [
    ...unverified ? ["The server's certificate was NOT CHECKED: whoever answered may be another server."] : [],
    ...connectionPerRequest ? ["Each request went over a NEW CONNECTION, and latency holds the opening of it."] : [],
  ];
}
