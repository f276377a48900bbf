import type { Estimate } from "../../src/core/estimate.ts";

/** What one run said of one number whose truth is known, or one verdict of it. */
export type Observation =
  | {
    readonly kind: "number";
    /** Name of the headline number. */
    readonly name: string;
    /** What it should have been. */
    readonly truth: number;
    /** What was measured; `null` if nothing. */
    readonly estimate: Estimate | null;
  }
  | {
    readonly kind: "verdict";
    /** Name of the verdict. */
    readonly name: string;
    /** `abstained`: the tool did not claim to know. */
    readonly outcome: "right" | "wrong" | "abstained";
    /** What was said, for people. */
    readonly said: string;
  };

/** A measured number beside its truth. */
export function numberOf(name: string, truth: number, estimate: Estimate | null): Observation {
  return { kind: "number", name, truth, estimate };
}

/** A number without an interval beside its truth. */
export function pointOf(name: string, truth: number, value: number | null): Observation {
  const estimate = value === null ? null : { value, low: null, high: null, level: 0.95, n: 1 };
  return { kind: "number", name, truth, estimate };
}

/** A verdict; `right` is `null` where the tool did not claim to know. */
export function verdictOf(name: string, right: boolean | null, said: unknown): Observation {
  return {
    kind: "verdict",
    name,
    outcome: right === null ? "abstained" : right ? "right" : "wrong",
    said: JSON.stringify(said),
  };
}

/** A level that was said, or not: `absence` is why. That there is none is said by no level and no reason. */
export function toldVerdict(name: string, truth: number | null, said: number | null, absence?: string): Observation {
  return verdictOf(name, absence === undefined ? said === truth : null, absence ?? said);
}
