/** What tells it of a search. */
interface Searched {
  readonly highest: number | null;
  readonly lowestMissed: number | null;
  readonly ended: string;
  readonly probes: readonly { readonly level: number; readonly verdict: string; readonly clientLimited?: true }[];
}

/**
 * Whether the client was the limit where a search ended: what it found is then the least that holds.
 *
 * @param search With its trials.
 */
export function isClientsEnd({ lowestMissed, probes }: Searched): boolean {
  return probes.some(({ level, verdict, clientLimited }) =>
    level === lowestMissed && verdict === "unclear" && clientLimited === true
  );
}

/**
 * Whether what a search found is the least that holds: nothing above it was missed, or the client was the limit there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const search = { highest: 8, ended: "stopped early", probes: [] };
 * assertEquals([null, 16].map((lowestMissed) => isAtLeast({ ...search, lowestMissed })), [true, false]);
 * ```
 *
 * @param search With its trials.
 */
export function isAtLeast(search: Searched): boolean {
  return search.highest !== null && (search.lowestMissed === null || isClientsEnd(search));
}

/**
 * What a search for a capacity came to: a level that holds, none as even the lowest missed, or that it is not known.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const probe = { level: 4, outcomes: [], saturated: false, runs: 1 };
 * const search = { highest: null, lowestMissed: 4, ended: "never met" } as const;
 * assertEquals(capacityOutcome({ ...search, probes: [{ ...probe, verdict: "missed" }] }), "none");
 * assertEquals(capacityOutcome({ ...search, probes: [{ ...probe, verdict: "unclear" }] }), "not known");
 * ```
 *
 * @param search With its trials.
 */
export function capacityOutcome(
  { highest, lowestMissed, ended, probes }: Searched,
): "found" | "none" | "not known" {
  if (highest !== null) return "found";
  const isMissed = probes.some(({ level, verdict }) => level === lowestMissed && verdict === "missed");
  return ended === "never met" && isMissed ? "none" : "not known";
}
