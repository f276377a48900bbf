/** A recording of a real device under batches of one size: an H200 with ResNet-50, shortened to four readings a second. */
export interface GpuRecording {
  /** Items in a request. */
  readonly batchSize: number;
  /** Energy a prediction by its counter over the whole of it, J. */
  readonly joules: number;
  /** In time order. */
  readonly readings: readonly RecordedReading[];
}

/** One reading. */
export interface RecordedReading {
  readonly atMs: number;
  /** Requests that had been answered. */
  readonly requests: number;
  readonly joules: number;
  readonly powerWatts: number;
  readonly utilizationPercent: number;
  readonly smClockMhz: number;
  readonly processBytes: number;
}

/** Energy a prediction of each batch size, J. */
const JOULES = { 1: 0.589, 4: 0.185, 16: 0.102, 64: 0.094 } as const;

const rows = Deno.readTextFileSync(new URL("./gpu_recordings.csv", import.meta.url)).trim().split("\n").slice(1)
  .map((line) => line.split(",").map(Number));

/** The recordings by their batch sizes. */
export const GPU_RECORDINGS: readonly GpuRecording[] = Object.entries(JOULES).map(([size, joules]) => {
  const batchSize = Number(size);
  return { batchSize, joules, readings: rows.filter(([of]) => of === batchSize).map(readingOf) };
});

function readingOf(row: readonly number[]): RecordedReading {
  const [, atMs, requests, energy, power, utilizationPercent, smClockMhz, processBytes] = row;
  return {
    atMs: atMs!,
    requests: requests!,
    joules: energy! / 1000,
    powerWatts: power! / 1000,
    utilizationPercent: utilizationPercent!,
    smClockMhz: smClockMhz!,
    processBytes: processBytes!,
  };
}
