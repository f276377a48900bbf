import type { Clock } from "../core/clock.ts";
import { systemClock } from "../core/clock.ts";
import { TargetError } from "../core/errors.ts";
import type { ServerMemory } from "../core/protocol.ts";
import type { MemoryPoint, MemoryScope } from "../results/result.ts";
import type { Absent } from "./absent.ts";
import { isAbsent } from "./absent.ts";
import { openGpuMemory } from "./gpu/gpu_memory.ts";
import { type GpuSourceOptions, openGpuSource } from "./gpu/open_gpu_source.ts";
import { isLocalHost } from "./local_host.ts";
import { isEverythingPermitted } from "./permission.ts";
import { hasHostPids } from "./proc_fs.ts";
import {
  ancestry,
  bestMemoryKind,
  findListeningPid,
  findUnixListeningPid,
  processName,
  processTree,
  treeMemory,
} from "./process_tree.ts";

/** Options of {@linkcode openMemorySampler}. */
export interface MemorySamplerOptions {
  /** Root of the server's process tree; otherwise the process that listens on `port`. */
  readonly pid?: number;
  /** Port that the server listens on. */
  readonly port?: number;
  /** Unix socket that the client connects to, instead of host and port. */
  readonly unixSocket?: string;
  /** Host that the client connects to. @default {"127.0.0.1"} */
  readonly host?: string;
  /**
   * What the server says of its own memory. Where its processes are seen from here, that is only what its allocator gave out on
   * its GPUs.
   */
  readonly reported?: () => Promise<ServerMemory>;
  /** How its GPUs are read. */
  readonly gpu?: GpuSourceOptions;
  /** Source of time for the interval. @default {systemClock} */
  readonly clock?: Pick<Clock, "now" | "sleep">;
}

/** Receives samples: the memory, and when it was read in ms on the sampler's clock. */
export type OnMemorySample = (point: MemoryPoint, atMs: number) => void;

/** Samples the memory of one server. */
export interface MemorySampler extends AsyncDisposable {
  /** Where the figures come from; `pids` are all that were seen so far. */
  readonly scope: MemoryScope;
  /** Why there are no GPU figures, or `null` if there are. */
  readonly gpuAbsence: string | null;
  /** Memory that the server's device has in all, bytes; `null` or left out where that, or which it is, is not known. */
  readonly gpuTotalBytes?: number | null;
  /**
   * Reads the memory once: the processes as they are now, the GPU, and what the server's allocator counts.
   *
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
  readonly gpuAbsence: string | null;
  readonly gpuTotalBytes?: number | null;
  readonly read: () => Promise<MemoryPoint>;
  /** What the allocator counts, where `read` does not tell it. */
  readonly readAllocated: () => Promise<Allocated>;
  readonly close: () => Promise<void>;
}

type Allocated = Pick<MemoryPoint, "gpuAllocatedBytes" | "gpuReservedBytes">;

/** Reading is followed by so many times its own length without, so that it takes a tenth of the time (METHODS 13). */
const REST = 9;

/** Programs that pass connections on: what listens is not what serves. The kernel cuts names at 15 characters. */
const FORWARDERS: readonly string[] = [
  "docker-proxy",
  "com.docker.back",
  "com.docker.backend",
  "rootlessport",
  "slirp4netns",
  "pasta",
  "wslrelay.exe",
  "ssh",
  "sshd",
  "kubectl",
  "socat",
  "nginx",
  "haproxy",
  "envoy",
  "traefik",
  "caddy",
];

/**
 * Opens a sampler of a server's memory.
 *
 * A server on this host is its process tree, rooted at `pid` or at the process that answers on `port`; its processes
 * are listed anew for every sample, since workers come and go. PSS is counted if the kernel shows it for all of them,
 * else RSS. Where the tree is not seen from here (another host, a container, another user), the server's own figures
 * are used if it reports its resident memory. This program never counts itself.
 *
 * @param options Which server.
 * @returns The sampler, or why the server's memory is not observable.
 */
export async function openMemorySampler(options: MemorySamplerOptions): Promise<MemorySampler | Absent> {
  const root = await findRoot(options);
  if (!isAbsent(root)) return samplerOf(await openTreeReader(root, options), options.clock ?? systemClock);
  const reported = await openReportedReader(options.reported);
  if (!isAbsent(reported)) return samplerOf(reported, options.clock ?? systemClock);
  return { absent: `not observable: ${root.absent}; ${reported.absent}` };
}

/** The root of the server's process tree, or why it cannot be had. */
async function findRoot({ pid, port, unixSocket, host = "127.0.0.1" }: MemorySamplerOptions): Promise<number | Absent> {
  if (!await isEverythingPermitted()) return { absent: "reading the table of processes needs all permissions (-A)" };
  if (pid !== undefined) {
    if ((await processTree(pid)).length === 0) return { absent: `no process with id ${pid} is seen from here` };
    return await refuseOwn(pid);
  }
  if (unixSocket !== undefined) {
    const found = await findUnixListeningPid(unixSocket);
    return found === null ? { absent: `no server that this user may see listens on ${unixSocket}` } : refuseOwn(found);
  }
  if (port === undefined) return { absent: "neither a process id nor a port is known" };
  if (!await isLocalHost(host)) return { absent: `${host} is not this host` };
  const found = await findListeningPid(port, host);
  if (found === null) return { absent: `no single server that this user may see listens on port ${port} of ${host}` };
  const name = await processName(found);
  if (name !== null && FORWARDERS.includes(name)) {
    return { absent: `${name} (process ${found}) listens on port ${port} and passes requests on to the server` };
  }
  return await refuseOwn(found);
}

async function refuseOwn(pid: number): Promise<number | Absent> {
  if (pid === Deno.pid) return { absent: "the server runs inside the measuring process" };
  if ((await ancestry()).includes(pid)) return { absent: `process ${pid} started the measuring process` };
  return pid;
}

async function openTreeReader(initialRoot: number, options: MemorySamplerOptions): Promise<MemoryReader> {
  let root = initialRoot;
  const tree = await processTree(root);
  const seen = new Set(tree);
  const kind = await bestMemoryKind(tree);
  const gpus = await openGpuSource(options.gpu);
  const gpu = isAbsent(gpus) ? gpus : await openGpuMemory(gpus, tree, await hasHostPids());

  const readTree = async () => {
    const memory = await treeMemory(root, kind);
    if (memory !== null) return memory;
    // A server that a supervisor restarted listens again, under another process id.
    const found = options.pid === undefined ? await findRoot(options) : { absent: "" };
    const again = isAbsent(found) ? null : await treeMemory(root = found, kind);
    if (again !== null) return again;
    throw new TargetError(`Cannot sample the server's memory as process ${root} must be alive: it is gone`);
  };

  return {
    scope: () => ({
      source: `process-tree-${kind}`,
      pids: [...seen],
      gpuSource: isAbsent(gpu) ? null : gpu.source,
    }),
    gpuAbsence: isAbsent(gpu) ? gpu.absent : null,
    gpuTotalBytes: isAbsent(gpus) || gpus.devices.length !== 1 ? null : gpus.devices[0]!.totalBytes,
    read: async () => {
      const { pids, bytes } = await readTree();
      for (const pid of pids) seen.add(pid);
      return { cpuBytes: bytes, gpuBytes: isAbsent(gpu) ? null : await gpu.read(pids) };
    },
    readAllocated: await openAllocated(options.reported),
    close: async () => {
      if (!isAbsent(gpus)) await gpus.close();
    },
  };
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
    if (first.residentBytes === null) return { absent: "the server does not report its resident memory" };
    const hasGpu = gpuBytesOf(first) !== null;
    return {
      scope: () => ({ source: "server-metrics", pids: [], gpuSource: hasGpu ? "server-metrics" : null }),
      gpuAbsence: hasGpu ? null : "the server does not report its GPU memory",
      read: async () => {
        const memory = await reported();
        if (memory.residentBytes !== null) {
          return { cpuBytes: memory.residentBytes, gpuBytes: gpuBytesOf(memory), ...countersOf(memory) };
        }
        throw new TargetError("Cannot sample the server's memory as it must report its resident memory: it stopped to");
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
    gpuTotalBytes: reader.gpuTotalBytes ?? null,
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
