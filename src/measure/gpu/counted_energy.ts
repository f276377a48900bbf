import { inSeconds } from "../../observe/gpu/in_seconds.ts";
import type { EnergySpan, GpuRecord } from "../../observe/gpu/gpu_record.ts";

/** Between two moves of an energy counter at least, ms: those of real devices were seen to move ten times a second. */
const STEP_MS = 100;
/** Steps of the counter that a window must last: at its edges it is off by up to one. */
const LEAST_STEPS = 3;

/** Energy of the visits to a load, where it is known. */
export interface CountedEnergy {
  /** What it was gathered in; of all visits. */
  readonly spans: readonly EnergySpan[];
  /** Whether it is power over time, since there is no counter. */
  readonly isByPower: boolean;
  /** Mean power of the time that the spans cover, W. */
  readonly watts: number;
}

/**
 * What the energy counters tell of the visits to a load; pure. A counter moves in steps: over a window of few of them it may gain a
 * third too much or too little, and one that moves once in some seconds tells nothing of a short window.
 *
 * @param records Of those visits in which the GPUs were seen.
 * @returns Why the energy is not known where it is not; `null` where nobody tells it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { countedEnergy } from "./counted_energy.ts";
 *
 * const span = { ms: 250, joules: 50, predictions: 100 };
 * assertEquals(countedEnergy([{ energy: [span, span] }]), { spans: [span, span], isByPower: false, watts: 200 });
 * assertEquals(
 *   countedEnergy([{ energy: [span] }]),
 *   "the energy counter moves every 0.1 s, and a window must last three times as long: this one lasted 0.25 s",
 * );
 * assertEquals(countedEnergy([{ energy: [] }]), null);
 * ```
 */
export function countedEnergy(
  records: readonly Pick<GpuRecord, "energy" | "energyByPowerMs">[],
): CountedEnergy | string | null {
  const spans = records.flatMap(({ energy }) => energy);
  if (spans.length === 0) return null;
  const ms = spans.reduce((sum, span) => sum + span.ms, 0);
  const joules = spans.reduce((sum, span) => sum + span.joules, 0);
  const isByPower = records.some(({ energyByPowerMs }) => energyByPowerMs !== undefined);
  if (joules === 0) return isByPower ? null : `the energy counter did not move in ${inSeconds(ms)}`;
  const stepMs = isByPower ? 0 : stepOf(spans);
  if (ms < LEAST_STEPS * stepMs) {
    return `the energy counter moves every ${
      inSeconds(stepMs)
    }, and a window must last three times as long: this one lasted ${inSeconds(ms)}`;
  }
  return { spans, isByPower, watts: joules / (ms / 1000) };
}

/** How long the counter stood at the longest, as far as the spans show, ms. */
function stepOf(spans: readonly EnergySpan[]): number {
  let stepMs = STEP_MS, stoodMs = 0;
  for (const { ms, joules } of spans) {
    if (joules === 0 || stoodMs > 0) stepMs = Math.max(stepMs, stoodMs + ms);
    stoodMs = joules === 0 ? stoodMs + ms : 0;
  }
  return stepMs;
}
