import type { ResultKind } from "./kinds.ts";

/** A kind of result that a test of its own gives, on one server. */
export type TestKind = Exclude<ResultKind, "operating-points" | "ab">;

/**
 * The tests of a comprehensive run, in their order: those that unload the model come last, after the operating points,
 * which follow from the two sweeps.
 */
export const COMPREHENSIVE_KINDS: readonly TestKind[] = ["basic", "throughput", "scalability", "latency", "memory"];
