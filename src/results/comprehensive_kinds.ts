import type { ResultKind } from "./kinds.ts";

/** A kind of result that a test of its own gives, on one server. */
export type TestKind = Exclude<ResultKind, "operating-points" | "ab">;

/** The tests of a comprehensive run, in their order; the operating points follow from them. */
export const COMPREHENSIVE_KINDS: readonly TestKind[] = ["basic", "latency", "throughput", "scalability", "memory"];
