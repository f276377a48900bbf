import type { Random } from "../../../src/core/random.ts";
import { GpuModel } from "../../calibration/gpu/gpu_model.ts";
import type { GpuBehaviour } from "../../calibration/server_behaviour.ts";

/** Samples of a simulated soak. */
export interface SimulatedSoak {
  /** Requests completed at each. */
  readonly requests: readonly number[];
  /** Memory of the process, bytes. */
  readonly processBytes: readonly number[];
  /** What its allocator has given out, bytes. */
  readonly allocatedBytes: readonly number[];
}

const CONTEXT_BYTES = 640 * 2 ** 20;
const SAMPLES = 160;

/**
 * A soak of a GPU whose behaviour is known, whose requests come at a rate that wavers.
 *
 * @param random Source of everything random.
 * @param behaviour What its memory does.
 * @param total Requests of the soak.
 * @param samples How often memory is read in it.
 */
export function simulateGpu(
  random: Random,
  behaviour: GpuBehaviour,
  total: number,
  samples: number = SAMPLES,
): SimulatedSoak {
  const gpu = new GpuModel(behaviour, random);
  const soak = { requests: [] as number[], processBytes: [] as number[], allocatedBytes: [] as number[] };
  let completed = 0;
  for (let i = 1; i <= samples; i++) {
    const due = i === samples ? total : Math.floor(total * (i + 0.6 * (random() - 0.5)) / samples);
    for (; completed < due; completed++) gpu.serve();
    const { allocatedBytes, reservedBytes } = gpu.read();
    soak.requests.push(completed);
    soak.processBytes.push(CONTEXT_BYTES + reservedBytes);
    soak.allocatedBytes.push(allocatedBytes);
  }
  return soak;
}
