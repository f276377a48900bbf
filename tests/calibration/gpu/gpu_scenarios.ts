import type { MemoryOptions } from "../../../src/measure/settings/options.ts";
import { runMemoryTest } from "../../../src/test_types/memory/memory.ts";
import type { Measure } from "../measure.ts";
import { numberOf, pointOf, verdictOf } from "../observation.ts";
import type { GpuBehaviour } from "../server_behaviour.ts";

const KB = 2 ** 10, MB = 2 ** 20;

/** Memory of a GPU that the memory test must find out. */
export interface GpuScenario {
  /** Short, without spaces. */
  readonly name: string;
  /** What it does. */
  readonly gpu: GpuBehaviour;
  /** The memory test. */
  readonly measure: Measure;
}

function scenario(name: string, gpu: GpuBehaviour, own: MemoryOptions = {}): GpuScenario {
  // Its batches are no larger than its requests, and its cycles are the host's business.
  return { name: `gpu-${name}`, gpu, measure: measureGpuMemory({ batchSizes: [1], cycles: 0, ...own }) };
}

/** Growth of GPU memory, by the process and by the allocator, and the footprint on the GPU. */
function measureGpuMemory(own: MemoryOptions): Measure {
  return async (target, options, settle) => {
    const { gpu } = await runMemoryTest(target, { ...own, ...options });
    const { leakBytes = 0, cacheBytes, modelBytes = 137 * MB } = (await settle()).memory!.gpu!;
    const growths = [["GPU growth", gpu?.growth], ["allocated growth", gpu?.allocatedGrowth]] as const;
    return [
      ...growths.flatMap(([name, growth]) => {
        const verdict = growth?.verdict ?? "cannot tell";
        const right = verdict === "cannot tell" ? null : (verdict === "growing") === (leakBytes > 0);
        return [
          // While a cache fills there is no one slope.
          ...(cacheBytes ? [] : [numberOf(`${name}, bytes/request`, leakBytes, growth?.bytesPerRequest ?? null)]),
          verdictOf(name, right, verdict),
        ];
      }),
      pointOf("GPU footprint", modelBytes, gpu?.modelFootprintBytes ?? null),
    ];
  };
}

/** Leaks of 64 KB to 4 MB a request in segments of 2 and 20 MB; none; caches that fill; shapes that come at random. */
export const GPU_SCENARIOS: readonly GpuScenario[] = [
  scenario("leak-none", {}),
  scenario("leak-64KB", { leakBytes: 64 * KB }),
  scenario("leak-64KB-large-segments", { leakBytes: 64 * KB, segmentBytes: 20 * MB }),
  scenario("leak-64KB-short-soak", { leakBytes: 64 * KB, segmentBytes: 20 * MB }, { soakMs: 3000 }),
  scenario("leak-1MB", { leakBytes: MB }),
  scenario("leak-4MB-large-segments", { leakBytes: 4 * MB, segmentBytes: 20 * MB }),
  scenario("cache-that-fills-early", { cacheBytes: 600 * MB, cacheRequests: 1500 }),
  scenario("cache-that-fills-late", { cacheBytes: 600 * MB, cacheRequests: 2800 }),
  scenario("shapes-at-random", { activationBytes: 800 * MB, shapes: 64 }),
  scenario("rare-shape", { activationBytes: 800 * MB, shapes: 4, rareShape: 0.0005 }),
];
