import type { Clock } from "../core/clock.ts";
import { systemClock } from "../core/clock.ts";
import { TargetError } from "../core/errors.ts";
import type { ServerMemory } from "../core/protocol.ts";
import type { MemoryPoint, MemoryScope, ServerProcess } from "../results/kinds/memory.ts";
import type { Absent } from "./absent.ts";
import { isAbsent } from "./absent.ts";
import type { GpuName } from "./gpu/choose_devices.ts";
import { type DeviceMemory, openGpuMemory, readDeviceMemory } from "./gpu/gpu_memory.ts";
import type { GpuSource } from "./gpu/gpu_source.ts";
import { type GpuSourceOptions, openGpuSource } from "./gpu/open_gpu_source.ts";
import { hasHostPids } from "./proc_fs.ts";
import { bestMemoryKind, processTree, treeMemory } from "./process_tree.ts";
import { identify } from "./server/identity.ts";
import { findRoots, missingPids, type RootOptions } from "./server/roots.ts";

/** Options of {@linkcode openMemorySampler}. */
export interface MemorySamplerOptions extends RootOptions {
  /**
   * What the server says of its own memory. Where its processes are seen from here, that is only what its allocator gave out on
   * its GPUs.
   */
  readonly reported?: () => Promise<ServerMemory>;
  /** The GPUs that are the server's, where that is said. */
  readonly gpuDevices?: readonly GpuName[];
  /** How its GPUs are read. */
  readonly gpu?: GpuSourceOptions;
  /** Source of time for the interval. @default {systemClock} */
  readonly clock?: Pick<Clock, "now" | "sleep">;
}

/** A server that tells its memory has not looked at it yet, as it does so now and then: it will. */
export class UntoldMemoryError extends TargetError {}

/** Receives samples: the memory, and when it was read in ms on the sampler's clock. */
export type OnMemorySample = (point: MemoryPoint, atMs: number) => void;

/** Samples the memory of one server. */
export interface MemorySampler extends AsyncDisposable {
  /** Where the figures come from; `pids` are all that were seen so far. */
  readonly scope: MemoryScope;
  /**
   * Reads what each of its processes holds now, bytes by process id; left out where processes are not seen.
   *
   * @throws {TargetError} If the server is gone.
   */
  readonly readEach?: () => Promise<ReadonlyMap<number, number>>;
  /** Why there are no GPU figures, or `null` if there are. */
  readonly gpuAbsence: string | null;
  /** Reads the memory of the device that the server is on; left out where no device is seen. */
  readonly readDevice?: () => Promise<DeviceMemory>;
  /** How seldom the server looks at its memory, ms, where that is what is read; left out where each reading is of its moment. */
  readonly refreshMs?: number;
  /**
   * Reads the memory once: the processes as they are now, the GPU, and what the server's allocator counts.
   *
   * @throws {UntoldMemoryError} If the server has not looked at its memory since its workers started.
   * @throws {TargetError} If the server is gone.
   */
  sample(): Promise<MemoryPoint>;
  /**
   * Samples again and again until {@linkcode MemorySampler.stop}. A sample that fails is left out.
   *
   * @param intervalMs Time between the end of a sample and the begin of the next, ms. It is stretched to nine times
   * what the last sample took, so that sampling takes at most a tenth of the time: PSS of a large server is slow, and
   * the kernel holds up the server's allocations while it counts. The server is asked for its allocator's counters as seldom:
   * samples in between are without them.
   * @param onSample Receives the samples.
   * @throws {TypeError} If it is sampling already.
   */
  start(intervalMs: number, onSample: OnMemorySample): void;
  /** Ends what {@linkcode MemorySampler.start} began; no sample is delivered afterwards. */
  stop(): void;
  /** Stops, and frees what reads the GPUs: no sample may be read afterwards. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How one kind of source reads a point. */
interface MemoryReader {
  readonly scope: () => MemoryScope;
  readonly readEach?: () => Promise<ReadonlyMap<number, number>>;
  readonly gpuAbsence: string | null;
  readonly readDevice?: () => Promise<DeviceMemory>;
  readonly refreshMs?: number;
  readonly read: () => Promise<MemoryPoint>;
  /** What the allocator counts, where `read` does not tell it. */
  readonly readAllocated: () => Promise<Allocated>;
  readonly close: () => Promise<void>;
}

type Allocated = Pick<MemoryPoint, "gpuAllocatedBytes" | "gpuReservedBytes">;

/** Reading is followed by so many times its own length without, so that it takes a tenth of the time (method 13). */
const REST = 9;

/**
 * Opens a sampler of a server's memory.
 *
 * A server on this host is its process trees, rooted at `pids` or at the processes that answer on `port`; they
 * are listed anew for every sample, since workers come and go. PSS is counted if the kernel shows it for all of them,
 * else RSS. Where the tree is not seen from here (another host, a container, another user), the server's own figures
 * are used if it reports its resident memory. This program never counts itself.
 *
 * @param options Which server.
 * @returns The sampler, or why the server's memory is not observable.
 * @throws {UsageError} If a GPU is named that is not there.
 */
export async function openMemorySampler(options: MemorySamplerOptions): Promise<MemorySampler | Absent> {
  const roots = await findRoots(options);
  if (!isAbsent(roots)) return samplerOf(await openTreeReader(roots, options), options.clock ?? systemClock);
  const reported = await openReportedReader(options.reported);
  if (!isAbsent(reported)) return samplerOf(reported, options.clock ?? systemClock);
  return { absent: `not observable: ${roots.absent}; ${reported.absent}` };
}

async function openTreeReader(initialRoots: readonly number[], options: MemorySamplerOptions): Promise<MemoryReader> {
  let roots = initialRoots;
  const tree = [...new Set((await Promise.all(roots.map((root) => processTree(root)))).flat())];
  const seen = new Set(tree);
  const known = await identifyAll(roots);
  const kind = await bestMemoryKind(tree);
  const gpus = await openGpuSource(options.gpu);
  const gpu = isAbsent(gpus) ? gpus : await openGpuMemoryOf(gpus, tree, options);
  let pids: readonly number[] = tree;

  const readTree = async () => {
    const memory = await treeMemory(roots, kind);
    if (memory !== null) return memory;
    // A server that a supervisor restarted listens again, under another process id.
    const found = options.pids === undefined ? await findRoots(options) : { absent: "" };
    const again = isAbsent(found) ? null : await treeMemory(found, kind);
    if (again !== null && !isAbsent(found)) {
      roots = found;
      known.push(...await identifyAll(found.filter((pid) => !known.some((process) => process.pid === pid))));
      return again;
    }
    const [gone = roots[0]!] = await missingPids(roots);
    throw new TargetError(`Cannot sample the server's memory as process ${gone} must be alive: it is gone`);
  };

  return {
    scope: () => ({
      source: `process-tree-${kind}`,
      pids: [...seen],
      processes: [...known],
      gpuSource: isAbsent(gpu) ? null : gpu.source,
    }),
    readEach: async () => (await readTree()).each,
    gpuAbsence: isAbsent(gpu) ? gpu.absent : null,
    ...(isAbsent(gpus) ? {} : { readDevice: () => readDeviceMemory(gpus, pids, options.gpuDevices) }),
    read: async () => {
      const { bytes, ...read } = await readTree();
      pids = read.pids;
      for (const pid of pids) seen.add(pid);
      return { cpuBytes: bytes, gpuBytes: isAbsent(gpu) ? null : await gpu.read(pids) };
    },
    readAllocated: await openAllocated(options.reported),
    close: async () => {
      if (!isAbsent(gpus)) await gpus.close();
    },
  };
}

/** Closes the source where a device is named that is not there. */
async function openGpuMemoryOf(gpus: GpuSource, tree: readonly number[], { gpuDevices }: MemorySamplerOptions) {
  try {
    return await openGpuMemory(gpus, tree, await hasHostPids(), gpuDevices);
  } catch (error) {
    await gpus.close();
    throw error;
  }
}

async function identifyAll(pids: readonly number[]): Promise<ServerProcess[]> {
  return (await Promise.all(pids.map(identify))).filter((process) => process !== null);
}

/** Reads the allocator's counters; nothing where the server does not tell them. */
async function openAllocated(reported: MemorySamplerOptions["reported"]): Promise<() => Promise<Allocated>> {
  const read = async () => countersOf(await reported?.().catch(() => null) ?? null);
  return Object.keys(await read()).length === 0 ? nothingAllocated : read;
}

function countersOf(told: ServerMemory | null): Allocated {
  if (told === null) return {};
  const { gpuAllocatedBytes, gpuReservedBytes } = told;
  return {
    ...(gpuAllocatedBytes === null ? {} : { gpuAllocatedBytes }),
    ...(gpuReservedBytes === null ? {} : { gpuReservedBytes }),
  };
}

function nothingAllocated(): Promise<Allocated> {
  return Promise.resolve({});
}

async function openReportedReader(reported: MemorySamplerOptions["reported"]): Promise<MemoryReader | Absent> {
  if (reported === undefined) return { absent: "the server does not report its memory" };
  const gpuBytesOf = (memory: ServerMemory) => memory.gpuReservedBytes ?? memory.gpuAllocatedBytes;
  try {
    const first = await reported();
    const { refreshMs } = first;
    const untold = refreshMs === undefined ? "" : `: it looks at it once in ${refreshMs / 1000} s, and has not yet`;
    if (first.residentBytes === null) return { absent: `the server does not report its resident memory${untold}` };
    const hasGpu = gpuBytesOf(first) !== null;
    return {
      scope: () => ({ source: "server-metrics", pids: [], gpuSource: hasGpu ? "server-metrics" : null }),
      gpuAbsence: hasGpu ? null : "the server does not report its GPU memory",
      ...(refreshMs === undefined ? {} : { refreshMs }),
      read: async () => {
        const memory = await reported();
        if (memory.residentBytes !== null) {
          return { cpuBytes: memory.residentBytes, gpuBytes: gpuBytesOf(memory), ...countersOf(memory) };
        }
        const what = "Cannot sample the server's memory as it must report its resident memory";
        throw refreshMs === undefined
          ? new TargetError(`${what}: it stopped to`)
          : new UntoldMemoryError(what + untold);
      },
      readAllocated: nothingAllocated,
      close: () => Promise.resolve(),
    };
  } catch (error) {
    return { absent: `the server's own report failed: ${error instanceof Error ? error.message : error}` };
  }
}

function samplerOf(reader: MemoryReader, clock: Pick<Clock, "now" | "sleep">): MemorySampler {
  let running: AbortController | null = null;
  const sampleUntil = async (signal: AbortSignal, intervalMs: number, onSample: OnMemorySample) => {
    let restsUntilMs = -Infinity;
    while (!signal.aborted) {
      const askedAt = clock.now();
      const isDue = askedAt >= restsUntilMs;
      const allocated = isDue ? await reader.readAllocated() : {};
      const begunAt = clock.now();
      if (isDue) restsUntilMs = begunAt + REST * (begunAt - askedAt);
      const point = await reader.read().catch(() => null);
      if (signal.aborted) return;
      const endedAt = clock.now();
      if (point !== null) onSample({ ...point, ...allocated }, endedAt);
      await clock.sleep(Math.max(intervalMs, REST * (endedAt - begunAt)), signal).catch(() => {});
    }
  };
  return {
    get scope() {
      return reader.scope();
    },
    gpuAbsence: reader.gpuAbsence,
    ...(reader.readEach === undefined ? {} : { readEach: reader.readEach }),
    ...(reader.readDevice === undefined ? {} : { readDevice: reader.readDevice }),
    ...(reader.refreshMs === undefined ? {} : { refreshMs: reader.refreshMs }),
    sample: async () => {
      const allocated = await reader.readAllocated();
      return { ...await reader.read(), ...allocated };
    },
    start(intervalMs, onSample) {
      if (running) throw new TypeError("Cannot start sampling as the sampler must be idle: it is sampling");
      running = new AbortController();
      void sampleUntil(running.signal, intervalMs, onSample);
    },
    stop() {
      running?.abort();
      running = null;
    },
    [Symbol.asyncDispose]() {
      this.stop();
      return reader.close();
    },
  };
}
