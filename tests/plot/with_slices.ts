import { KINDS, type ResultKind, type TestResult } from "../../src/results/kinds.ts";
import type { Kind } from "../../src/results/kinds/kind.ts";
import type { Window, WindowVisit } from "../../src/results/result.ts";
import type { VisitSlices } from "../../src/results/window/visit_slices.ts";

/** Slices of a visit. */
const SLICES = 12;

/** A visit of 3 s that waves, and of which a request fails now and then. */
function slicesOf(window: Window, startMs: number, failing: boolean): VisitSlices {
  const each = <T>(of: (k: number) => T) => Array.from({ length: SLICES }, (_, k) => of(k));
  const perSlice = (window.requestsPerSecond?.value ?? 0) / 4, p50Ms = window.latencyMs?.p50.value;
  const latency = (factor: number) =>
    each((k) => p50Ms === undefined ? null : Number((p50Ms * factor * (1 + 0.2 * Math.sin(k))).toFixed(3)));
  return {
    startMs,
    endsMs: each((k) => startMs + 250 * (k + 1)),
    succeeded: each((k) => Math.round(perSlice * (1 + 0.1 * Math.cos(k)))),
    failed: each((k) => failing && k % 5 === 3 ? k : 0),
    p50Ms: latency(1),
    p95Ms: latency(1.4),
    maxMs: latency(2),
  };
}

/**
 * A result whose windows were visited twice, there and back, each visit with its slices.
 *
 * @param kind Of the result.
 * @param result Is not changed.
 * @param by Which test made the visits.
 */
export function withSlices<R extends TestResult>(kind: ResultKind, result: R, by: string = kind): R {
  const copy = structuredClone(result);
  const windows = (KINDS[kind] as Kind<TestResult>).windows(copy).map(({ window }) => window);
  [...windows, ...windows.toReversed()].forEach((window, k) => {
    const atMs = 10_000 + 4000 * k;
    const visit: WindowVisit = {
      by,
      atMs,
      durationMs: 3000,
      requestsPerSecond: window.requestsPerSecond,
      slices: slicesOf(window, atMs, k === 1),
    };
    Object.assign(window, { visits: [...(k < windows.length ? [] : window.visits ?? []), visit] });
  });
  return copy;
}
