import type { ResultKind } from "./kinds.ts";

/** A kind of result that a test of its own gives, on one server. */
export type TestKind = Exclude<ResultKind, "operating-points" | "ab">;

/**
 * The tests of a comprehensive run, in their order: those that unload the model come last, after the operating points,
 * which follow from the two sweeps.
 */
export const COMPREHENSIVE_KINDS: readonly TestKind[] = ["basic", "throughput", "scalability", "latency", "memory"];

/** The same of a language model, whose answers are streamed. */
const STREAMED_KINDS: readonly TestKind[] = ["basic", "throughput", "scalability", "prompts", "latency", "memory"];

/**
 * The tests of a comprehensive run, in their order.
 *
 * @param isStreamed Whether the model's answers are streamed.
 */
export function comprehensiveKinds(isStreamed: boolean): readonly TestKind[] {
  return isStreamed ? STREAMED_KINDS : COMPREHENSIVE_KINDS;
}

/**
 * The tests of a comprehensive run that broke off.
 *
 * @param tests What its file says was asked of it; left out where it does not say.
 */
export function kindsAsked(tests: string | undefined): readonly TestKind[] {
  return comprehensiveKinds(tests === STREAMED_KINDS.join(", "));
}
