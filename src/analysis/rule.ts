import type { BottleneckKind, Finding } from "../results/finding.ts";
import type { Recommendation } from "../results/recommendation.ts";
import type { TestResults } from "../results/result.ts";
import type { Circumstances } from "./circumstances.ts";

/** What one rule finds in the results, or `null` if it does not apply. */
export type FindingRule = (tests: TestResults) => Finding | null;

/** What one rule recommends from the results, the findings and what else is known, or `null` if it does not apply. */
export type RecommendationRule = (
  tests: TestResults,
  findings: readonly Finding[],
  circumstances: Circumstances,
) => Recommendation | null;

/** A finding with this code. */
export type FindingOf<Code extends Finding["code"]> = Extract<Finding, { code: Code }>;

/**
 * The first finding with a code.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findingOf } from "./rule.ts";
 * assertEquals(findingOf([{ code: "not-converged", severity: "info", evidence: { test: "basic", levels: [] } }], "errors"), null);
 * ```
 *
 * @param findings Where to look.
 * @param code What to look for.
 * @returns The finding, or `null` if there is none.
 */
export function findingOf<Code extends Finding["code"]>(
  findings: readonly Finding[],
  code: Code,
): FindingOf<Code> | null {
  return findings.find((finding): finding is FindingOf<Code> => finding.code === code) ?? null;
}

/**
 * The bottleneck of a kind.
 *
 * @param findings Where to look.
 * @param kind What to look for.
 * @returns The finding, or `null` if this is not what limits the server.
 */
export function bottleneckOf<Kind extends BottleneckKind>(
  findings: readonly Finding[],
  kind: Kind,
): Extract<FindingOf<"bottleneck">, { bottleneck: Kind }> | null {
  const isOfKind = (finding: Finding): finding is Extract<FindingOf<"bottleneck">, { bottleneck: Kind }> =>
    finding.code === "bottleneck" && finding.bottleneck === kind;
  return findings.find(isOfKind) ?? null;
}

/**
 * The levels that an optimum cannot be told from, ascending.
 *
 * @param optimum The level that is named.
 * @param equivalent Levels that are equal to the best within noise.
 * @param rivals Levels that may be better.
 */
export function runnersUpOf(optimum: number, equivalent: readonly number[], rivals: readonly number[] = []): number[] {
  return [...new Set([...equivalent, ...rivals])].filter((level) => level !== optimum).sort((a, b) => a - b);
}
