import type { MemoryPhase, MemoryPhaseName, MemoryPoint, MemoryResult } from "../../results/result.ts";
import { type MemorySampler, UntoldMemoryError } from "../../observe/memory_sampler.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";

/** Gathers samples into phases and a timeline. */
export class MemoryRecorder {
  readonly #phases: MemoryPhase[] = [];
  readonly #looked = new Map<MemoryPhaseName, MemoryResult["timeline"][number][]>();
  readonly #timeline: MemoryResult["timeline"][number][] = [];
  readonly #elapsedMs: () => number;
  #phase: MemoryPhaseName | null = null;
  #completed = 0;

  /** @param elapsedMs Ms since the test began. */
  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  /** Phases that ended or were looked at, in their order. */
  get phases(): readonly MemoryPhase[] {
    const looked = [...this.#looked].map(([name, points]) =>
      summarise(name, points, points[0]!.atMs, points.at(-1)!.atMs)
    );
    return [...this.#phases, ...looked].toSorted((a, b) => a.startMs - b.startMs);
  }

  /** Whether there is anything of a phase. */
  has(name: MemoryPhaseName): boolean {
    return this.phases.some((phase) => phase.name === name);
  }

  /** Takes one sample of a phase that others run. */
  look(name: MemoryPhaseName, point: MemoryPoint): void {
    this.add(point);
    const points = this.#looked.get(name) ?? [];
    this.#looked.set(name, [...points, this.#timeline.at(-1)!]);
  }

  /** Every sample in time order. */
  get timeline(): MemoryResult["timeline"] {
    return this.#timeline;
  }

  /** Takes a sample. */
  readonly add = (point: MemoryPoint): void => {
    const completedRequests = this.#phase === "soak" ? this.#completed : null;
    this.#timeline.push({ ...point, atMs: this.#elapsedMs(), completedRequests });
  };

  /** Takes the number of successes of the soak so far; where it falls, the soak has begun anew. */
  readonly completed = (requests: number): void => {
    if (requests < this.#completed) this.#forgetSoak();
    this.#completed = requests;
  };

  /** What a soak that was begun anew with more threads has shown before is no part of it. */
  #forgetSoak(): void {
    this.#timeline.forEach((point, i) => this.#timeline[i] = { ...point, completedRequests: null });
  }

  /**
   * Gives the samples that come while `body` runs to a phase, which is kept also when `body` throws. One of a server that has not
   * looked at its memory yet may have none.
   */
  async during(name: MemoryPhaseName, sampler: MemorySampler, body: () => Promise<unknown>): Promise<void> {
    const from = this.#timeline.length;
    const startMs = this.#elapsedMs();
    this.#phase = name;
    try {
      await body();
      // Short phases of slow sources would have no sample of their own.
      this.add(await sampler.sample());
    } catch (error) {
      if (!(error instanceof UntoldMemoryError)) throw error;
    } finally {
      this.#phase = null;
      const points = this.#timeline.slice(from);
      if (points.length > 0) this.#phases.push(summarise(name, points, startMs, this.#elapsedMs()));
    }
  }
}

/** The median of the second half: the first half still moves. */
function summarise(name: MemoryPhaseName, points: readonly MemoryPoint[], startMs: number, endMs: number): MemoryPhase {
  const settled = points.slice(Math.floor(points.length / 2));
  return {
    name,
    cpuBytes: median(settled.map(({ cpuBytes }) => cpuBytes))!,
    gpuBytes: median(told(settled, "gpuBytes")),
    ...allocatorMedians(settled),
    peakCpuBytes: points.reduce((most, { cpuBytes }) => Math.max(most, cpuBytes), 0),
    startMs,
    endMs,
    n: settled.length,
  };
}

/** What the allocator counted, where its counters are read. */
function allocatorMedians(points: readonly MemoryPoint[]): Pick<MemoryPoint, "gpuAllocatedBytes" | "gpuReservedBytes"> {
  const [allocated, reserved] = [told(points, "gpuAllocatedBytes"), told(points, "gpuReservedBytes")];
  return {
    ...(allocated.length === 0 ? {} : { gpuAllocatedBytes: median(allocated) }),
    ...(reserved.length === 0 ? {} : { gpuReservedBytes: median(reserved) }),
  };
}

function told(points: readonly MemoryPoint[], of: "gpuBytes" | "gpuAllocatedBytes" | "gpuReservedBytes"): number[] {
  return points.flatMap(({ [of]: bytes = null }) => bytes === null ? [] : [bytes]);
}

function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : quantile(ascending(values), 0.5);
}
