/**
 * Recordings of one PyTorch process on an NVIDIA H200, ResNet-50 in FP32, sampled every 50 ms: what NVML said of the
 * process and what the allocator counted.
 */

/** Every recording. */
export const RECORDINGS = [
  "idle",
  "clean",
  "batch1",
  "batch4",
  "batch16",
  "batch64",
  "leak64",
  "leak1024",
  "leak4096",
  "cache",
  "shapes",
  "fragment",
] as const;

/** What one recording holds, sample by sample. */
export interface Recording {
  /** Requests completed. */
  readonly requests: readonly number[];
  /** NVML's memory of the process, bytes. */
  readonly processBytes: readonly number[];
  /** What the allocator had given out, bytes. */
  readonly allocatedBytes: readonly number[];
  /** What it held of the driver, bytes. */
  readonly reservedBytes: readonly number[];
}

/** Reads one. */
export function readRecording(name: typeof RECORDINGS[number]): Recording {
  const [, ...lines] = Deno.readTextFileSync(new URL(`${name}.csv`, import.meta.url)).trim().split("\n");
  const rows = lines.map((line) => line.split(",").map(Number));
  const column = (at: number) => rows.map((row) => row[at]!);
  return { requests: column(1), processBytes: column(2), allocatedBytes: column(3), reservedBytes: column(4) };
}
