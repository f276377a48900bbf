import type { MemoryCycles } from "../../results/kinds/memory_growth.ts";
import type { MemoryPoint } from "../../results/result.ts";
import type { MemorySampler } from "../../observe/memory_sampler.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { mannKendall } from "../../stats/trend/mann_kendall.ts";
import { quantile } from "../../stats/estimates/quantile.ts";
import { theilSen } from "../../stats/trend/theil_sen.ts";
import { loadToAnswer, unloadAndVerify } from "../../measure/model_cycle.ts";
import type { Session } from "../../measure/session.ts";

/** Inferences of a cycle: a model that was never asked may not have allocated all that it takes. */
const INFERENCES = 10;
/** Time in which memory settles after an unload, ms, and samples of it. */
const SETTLE_MS = 200;
const SAMPLES = 3;
/** Cycles whose end is not counted: allocators take their first share. */
const WARM_UP_CYCLES = 1;
/** A rise over all cycles below this is an allocator at work, bytes, or as a share of the model's footprint. */
const FLOOR_BYTES = 2 * 2 ** 20;
const FLOOR_SHARE = 0.05;
const SIGNIFICANCE = 0.05;
/** Of fewer values a slope says nothing. */
export const FEWEST_CYCLES = 4;

/**
 * Loads the model, asks it, unloads it, again and again, and looks at what each cycle leaves behind.
 *
 * @param session The test; the model is unloaded before and after.
 * @param sampler Reads the server's memory.
 * @param cycles How many cycles count.
 * @param infer Asks the model so many requests.
 * @param loadTimeoutMs Longest time to wait for a load or an unload, ms.
 * @param found Takes the memory after each unload, in order, as soon as it is known: a later cycle may fail.
 * @throws {TargetError} If the server refuses a load or an unload, or is gone.
 */
export async function runMemoryCycles(
  session: Session,
  sampler: MemorySampler,
  cycles: number,
  infer: (requests: number) => Promise<unknown>,
  loadTimeoutMs: number,
  found: (point: MemoryPoint) => void,
): Promise<void> {
  for (let cycle = 0; cycle < cycles + WARM_UP_CYCLES && session.partial === null; cycle++) {
    session.progress(`cycle ${cycle + 1} of ${cycles + WARM_UP_CYCLES}`, 0.9 + 0.1 * cycle / (cycles + WARM_UP_CYCLES));
    await loadToAnswer(session, loadTimeoutMs);
    await infer(INFERENCES);
    await unloadAndVerify(session, loadTimeoutMs);
    const point = await readAfterUnload(session, sampler);
    if (cycle >= WARM_UP_CYCLES) found(point);
  }
}

/**
 * Memory that a cycle leaves behind: the median of three readings, once it has settled.
 *
 * @param session The test; the model was seen to be gone.
 * @param sampler Reads the server's memory.
 * @returns Of each kind of memory that was told.
 */
export async function readAfterUnload(
  { clock, options: { signal } }: Session,
  sampler: MemorySampler,
): Promise<MemoryPoint> {
  const samples: MemoryPoint[] = [];
  while (samples.length < SAMPLES) {
    await clock.sleep(SETTLE_MS / SAMPLES, signal);
    samples.push(await sampler.sample());
  }
  return {
    cpuBytes: middleOf(samples, "cpuBytes")!,
    gpuBytes: middleOf(samples, "gpuBytes"),
    gpuAllocatedBytes: middleOf(samples, "gpuAllocatedBytes"),
  };
}

function middleOf(samples: readonly MemoryPoint[], of: "cpuBytes" | "gpuBytes" | "gpuAllocatedBytes"): number | null {
  const told = samples.flatMap(({ [of]: bytes = null }) => bytes === null ? [] : [bytes]);
  return told.length === 0 ? null : quantile(ascending(told), 0.5);
}

/**
 * Whether each load and unload leaves memory behind: Theil-Sen slope and Mann-Kendall test over the cycles.
 *
 * @param afterUnloadBytes Memory after each unload, bytes, in order.
 * @param footprintBytes Memory of the loaded model, bytes, or `null` if unknown.
 * @param floorBytes A rise over all cycles below this is an allocator at work, bytes.
 * @returns The slope with its verdict; `null` under four cycles.
 */
export function cycleGrowth(
  afterUnloadBytes: readonly number[],
  footprintBytes: number | null,
  floorBytes: number = FLOOR_BYTES,
): MemoryCycles | null {
  if (afterUnloadBytes.length < FEWEST_CYCLES) return null;
  const bytesPerCycle = theilSen(afterUnloadBytes.map((_, cycle) => cycle), afterUnloadBytes);
  const { pValue } = mannKendall(afterUnloadBytes);
  const rise = bytesPerCycle.value * (afterUnloadBytes.length - 1);
  const floor = Math.max(floorBytes, FLOOR_SHARE * Math.max(0, footprintBytes ?? 0));
  const rises = pValue !== null && pValue < SIGNIFICANCE && bytesPerCycle.value > 0;
  const verdict = rises && rise > floor ? "growing" : Math.abs(rise) <= floor ? "stable" : "cannot tell";
  return { bytesPerCycle, verdict, pValue, afterUnloadBytes };
}
