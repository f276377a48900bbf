/** How much it matters. */
export type Severity = "info" | "warning" | "critical";

const RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/**
 * The most severe first; for `toSorted`.
 *
 * @param a One.
 * @param b Another.
 */
export function bySeverity(a: { readonly severity: Severity }, b: { readonly severity: Severity }): number {
  return RANK[a.severity] - RANK[b.severity];
}
