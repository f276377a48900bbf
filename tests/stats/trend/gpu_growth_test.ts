import { assert, assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { allocatedGrowth } from "../../../src/stats/trend/allocated_growth.ts";
import type { GpuGrowth } from "../../../src/stats/trend/gpu_growth.ts";
import { memoryFloor } from "../../../src/stats/trend/memory_floor.ts";
import { processGrowth } from "../../../src/stats/trend/process_growth.ts";
import { readRecording, type RECORDINGS } from "../recorded/recording.ts";
import { times } from "../estimates/simulate.ts";
import type { GpuBehaviour } from "../../calibration/server_behaviour.ts";
import { simulateGpu } from "./simulated_gpu.ts";

const KB = 2 ** 10, MB = 2 ** 20;

type Verdict = GpuGrowth["verdict"];

/** What a recording is, and what it must be called by the allocator's bytes and by the process's memory. */
const RECORDED: readonly [
  name: typeof RECORDINGS[number],
  allocated: Verdict,
  process: Verdict,
  truth: { readonly leakBytes?: number; readonly allocatedFilled?: number; readonly processFilled?: number },
][] = [
  ["idle", "stable", "stable", {}],
  ["clean", "stable", "stable", {}],
  ["batch1", "stable", "stable", {}],
  ["batch4", "stable", "stable", { processFilled: 34 * MB }],
  ["batch16", "stable", "stable", { processFilled: 160 * MB }],
  ["batch64", "stable", "stable", { processFilled: 822 * MB }],
  ["leak64", "growing", "growing", { leakBytes: 64 * KB }],
  ["leak1024", "growing", "growing", { leakBytes: MB }],
  ["leak4096", "growing", "growing", { leakBytes: 4 * MB }],
  ["cache", "stable", "stable", { allocatedFilled: 600 * MB, processFilled: 600 * MB }],
  ["shapes", "stable", "stable", { processFilled: 1036 * MB }],
];

function within(share: number, truth: number, value: number): void {
  assertLessOrEqual(Math.abs(value / truth - 1), share, `${value} for ${truth}`);
}

for (const [name, allocated, process, truth] of RECORDED) {
  Deno.test(`a recording of a GPU is judged right by its allocator's bytes and by the process's memory: ${name}`, () => {
    const { requests, processBytes, allocatedBytes } = readRecording(name);
    const byAllocator = allocatedGrowth(requests, allocatedBytes);
    const byProcess = processGrowth(requests, processBytes);
    assertEquals(
      [byAllocator.verdict, byProcess.verdict],
      [allocated, process],
      JSON.stringify({ byAllocator, byProcess }),
    );
    const { leakBytes, allocatedFilled = 0, processFilled = 0 } = truth;
    if (leakBytes !== undefined) {
      within(0.1, leakBytes, byAllocator.bytesPerRequest.value);
      within(0.25, leakBytes, byProcess.bytesPerRequest.value);
    }
    for (const [filled, { filledBytes }] of [[allocatedFilled, byAllocator], [processFilled, byProcess]] as const) {
      if (filled === 0) assertEquals(filledBytes, 0);
      else within(0.05, filled, filledBytes);
    }
  });
}

Deno.test("a recording of blocks that come and go is no growth, whoever tells it", () => {
  const { requests, processBytes, allocatedBytes } = readRecording("fragment");
  assert(allocatedGrowth(requests, allocatedBytes).verdict !== "growing");
  assert(processGrowth(requests, processBytes).verdict !== "growing");
});

Deno.test("processGrowth() judges recordings that end earlier, or never wrong", () => {
  for (const [name, , verdict] of RECORDED) {
    if (name === "idle" || name === "cache") continue;
    const { requests, processBytes, allocatedBytes } = readRecording(name);
    const half = Math.floor(requests.length / 2);
    const growths = [
      processGrowth(requests.slice(0, half), processBytes.slice(0, half)),
      allocatedGrowth(requests.slice(0, half), allocatedBytes.slice(0, half)),
    ];
    for (const growth of growths) {
      assert([verdict, "cannot tell"].includes(growth.verdict), `${name}: ${JSON.stringify(growth)}`);
    }
  }
});

/** Soaks of a server whose memory is simulated, and what they may be called. */
const SIMULATED: readonly [name: string, gpu: GpuBehaviour, right: Verdict][] = [
  ["none", {}, "stable"],
  ["none, large activations", { activationBytes: 600 * MB }, "stable"],
  ["64 KB in small segments", { leakBytes: 64 * KB }, "growing"],
  ["64 KB in large segments", { leakBytes: 64 * KB, segmentBytes: 20 * MB }, "growing"],
  ["256 KB in large segments", { leakBytes: 256 * KB, segmentBytes: 20 * MB }, "growing"],
  ["1 MB in small segments", { leakBytes: MB }, "growing"],
  ["1 MB after a cache that filled early", { leakBytes: MB, cacheBytes: 600 * MB, cacheRequests: 40 }, "growing"],
  ["4 MB in large segments", { leakBytes: 4 * MB, segmentBytes: 20 * MB }, "growing"],
  ["a cache that fills early", { cacheBytes: 600 * MB, cacheRequests: 200 }, "stable"],
  ["a cache that fills late", { cacheBytes: 600 * MB, cacheRequests: 900 }, "stable"],
  ["batch shapes that arrive at random", { activationBytes: 800 * MB, shapes: 64 }, "stable"],
  ["few batch shapes, one of them rare", { activationBytes: 800 * MB, shapes: 4, rareShape: 0.002 }, "stable"],
];

const SEEDS = 100;

for (const [name, gpu, right] of SIMULATED) {
  Deno.test(`a simulated GPU is judged wrong in 5 % of soaks at most: ${name}`, () => {
    const wrong: Record<"allocated" | "process", string[]> = { allocated: [], process: [] };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(7919 * seed);
      const { requests, processBytes, allocatedBytes } = simulateGpu(random, gpu, 1600);
      for (
        const [by, growth] of [
          ["process", processGrowth(requests, processBytes)],
          ["allocated", allocatedGrowth(requests, allocatedBytes)],
        ] as const
      ) {
        if (growth.verdict !== right && growth.verdict !== "cannot tell") {
          wrong[by].push(`${seed} ${JSON.stringify(growth)}`);
        }
      }
    }
    for (const by of ["allocated", "process"] as const) {
      assertLessOrEqual(wrong[by].length, 0.05 * SEEDS, `${by}: ${wrong[by].slice(0, 3).join("\n")}`);
    }
  });
}

Deno.test("processGrowth() never calls a leak of 64 KB a request stable, however short the soak", () => {
  for (const segmentBytes of [2 * MB, 20 * MB]) {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(104729 * seed);
      const requests = Math.round(20 + 2000 * random());
      const soak = simulateGpu(random, { leakBytes: 64 * KB, segmentBytes }, requests);
      assert(
        processGrowth(soak.requests, soak.processBytes).verdict !== "stable",
        `${requests} requests, seed ${seed}`,
      );
    }
  }
});

Deno.test("processGrowth() gives an interval of one step to either side, which holds the truth", () => {
  for (const leakBytes of [64 * KB, 300 * KB, MB]) {
    for (const segmentBytes of [2 * MB, 20 * MB]) {
      const { requests, processBytes } = simulateGpu(seededRandom(leakBytes), { leakBytes, segmentBytes }, 3000);
      const { verdict, bytesPerRequest: { low, high } } = processGrowth(requests, processBytes);
      assertEquals(verdict, "growing");
      assert(low! <= leakBytes && leakBytes <= high!, `${low} ${leakBytes} ${high}`);
    }
  }
});

Deno.test("processGrowth() says how many requests would tell", () => {
  const few = times(40, (i) => 2 * i);
  const none = processGrowth(few, few.map(() => 900 * MB));
  assertEquals([none.verdict, none.requestsNeeded], ["cannot tell", 320]);
  // Two large segments came; six would tell.
  const some = processGrowth(few, few.map((n) => (900 + 20 * Math.floor(n / 35)) * MB));
  assertEquals(some.verdict, "cannot tell");
  assertLess(78, some.requestsNeeded!);
});

Deno.test("processGrowth() does not call memory stable where a cache may hide a leak of large blocks", () => {
  const requests = times(40, (i) => 20 * i), bytes = requests.map(() => 2000 * MB);
  assertEquals(processGrowth(requests, bytes).verdict, "stable");
  const { verdict, requestsNeeded } = processGrowth(requests, bytes, { cachedBytes: 900 * MB });
  assertEquals([verdict, requestsNeeded], ["cannot tell", 920]);
});

Deno.test("processGrowth() counts what memory never fell below again: other programs that come and go are no steps", () => {
  const requests = times(80, (i) => 20 * i);
  const visited = requests.map((_, i) => (900 + (i % 7 === 3 ? 500 : 0)) * MB);
  assertEquals(processGrowth(requests, visited).verdict, "stable");
  const emptied = requests.map((_, i) => (i < 20 ? 2000 : 900) * MB);
  assertEquals(processGrowth(requests, emptied).verdict, "stable");
});

Deno.test("growth of a GPU where no request was completed is stable where nothing moved", () => {
  const requests = times(20, () => 0);
  assertEquals(processGrowth(requests, requests.map(() => MB)).verdict, "stable");
  assertEquals(allocatedGrowth(requests, requests.map((_, i) => 50 * MB * i)).verdict, "cannot tell");
});

Deno.test("memoryFloor() refuses samples without their requests", () => {
  assertThrows(() => memoryFloor([1, 2], [1]), RangeError, "found 1 and 2");
});
