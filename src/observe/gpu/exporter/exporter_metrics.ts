import { parsePrometheus, type PrometheusSample } from "../../../core/prometheus_text.ts";
import type { ListedGpu } from "../gpu_list_source.ts";
import { throttleReasons } from "../throttle_reasons.ts";

/** What an exporter tells. */
export interface ExportedGpus {
  /** Which exporter it is, by the names of its metrics. */
  readonly name: "dcgm-exporter" | "triton-metrics";
  /** Its devices, at least one, in its order. */
  readonly gpus: readonly ListedGpu[];
}

interface Exporter {
  readonly name: ExportedGpus["name"];
  readonly prefix: string;
  /** Names of the metrics that are read, without the prefix. */
  readonly metrics: readonly string[];
  /** Label of the device. */
  readonly labels: readonly string[];
  /** Reads one device from its samples. */
  readonly read: (samples: readonly PrometheusSample[]) => ListedGpu;
}

const BYTES_PER_MIB = 2 ** 20;
/** DCGM writes these where it has no integer or no number (dcgm_structs.h: BLANK, NOT_FOUND, NOT_SUPPORTED, NOT_PERMISSIONED). */
const LEAST_BLANK_INTEGER = 2 ** 63;
const BLANK_NUMBERS: readonly number[] = [0, 1, 2, 3].map((kind) => 2 ** 47 + kind);

const EXPORTERS: readonly Exporter[] = [
  {
    name: "dcgm-exporter",
    prefix: "DCGM_FI_DEV_",
    metrics: [
      ...["GPU_UTIL", "POWER_USAGE", "TOTAL_ENERGY_CONSUMPTION", "GPU_TEMP", "SM_CLOCK", "MAX_SM_CLOCK"],
      ...["FB_USED", "FB_FREE", "FB_RESERVED", "FB_TOTAL", "CLOCKS_EVENT_REASONS", "CLOCK_THROTTLE_REASONS"],
    ],
    labels: ["UUID", "uuid", "gpu"],
    read: readDcgm,
  },
  {
    name: "triton-metrics",
    prefix: "nv_",
    metrics: [
      ...["gpu_utilization", "gpu_power_usage", "energy_consumption"],
      ...["gpu_memory_used_bytes", "gpu_memory_total_bytes"],
    ],
    labels: ["gpu_uuid"],
    read: readTriton,
  },
];

/**
 * The GPUs in an exporter's text; pure. SOURCES.md has names, units and where they are documented.
 *
 * @param text In the Prometheus format.
 * @returns What it tells, or `null` if nothing of GPUs that is known here.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readExportedGpus } from "./exporter_metrics.ts";
 * const { name, gpus } = readExportedGpus('nv_gpu_utilization{gpu_uuid="GPU-a"} 0.25\n')!;
 * assertEquals([name, gpus[0]!.device.uuid, gpus[0]!.reading.utilizationPercent], ["triton-metrics", "GPU-a", 25]);
 * assertEquals(readExportedGpus("process_cpu_seconds_total 1\n"), null);
 * ```
 */
export function readExportedGpus(text: string): ExportedGpus | null {
  for (const { name, prefix, metrics, labels, read } of EXPORTERS) {
    const deviceOf = (sample: PrometheusSample) => labels.map((label) => sample.labels[label]).find((value) => value);
    const known = parsePrometheus(text, new Set(metrics.map((metric) => prefix + metric)))
      .filter((sample) => deviceOf(sample) !== undefined)
      .map((sample) => ({ ...sample, name: sample.name.slice(prefix.length) }));
    if (known.length === 0) continue;
    return { name, gpus: numbered([...Map.groupBy(known, deviceOf).values()].map(read)) };
  }
  return null;
}

/** The numbers that the exporter has; where it has none, or several hosts have the same, in its order. */
function numbered(gpus: readonly ListedGpu[]): readonly ListedGpu[] {
  const numbers = new Set(gpus.map(({ device }) => device.index));
  if (numbers.size === gpus.length && !numbers.has(NaN)) return gpus;
  return gpus.map((gpu, index) => ({ ...gpu, device: { ...gpu.device, index } }));
}

function readDcgm(samples: readonly PrometheusSample[]): ListedGpu {
  // The parts of a GPU that MIG has cut share its power, energy and clocks; each has memory of its own.
  const byPart = (metric: string) =>
    new Map(
      samples.filter(({ name, value }) =>
        name === metric && value < LEAST_BLANK_INTEGER && !BLANK_NUMBERS.includes(value)
      )
        .map(({ labels, value }) => [labels["GPU_I_ID"] ?? "", value]),
    );
  const ofWhole = (metric: string): number | null => {
    const values = byPart(metric);
    return values.get("") ?? [...values.values()][0] ?? null;
  };
  const bytes = (metric: string): number | null => {
    const values = byPart(metric);
    if (values.size === 0) return null;
    return (values.get("") ?? [...values.values()].reduce((sum, value) => sum + value)) * BYTES_PER_MIB;
  };
  const { labels } = samples[0]!;
  const used = bytes("FB_USED"), free = bytes("FB_FREE");
  const reasons = ofWhole("CLOCKS_EVENT_REASONS") ?? ofWhole("CLOCK_THROTTLE_REASONS");
  const millijoules = ofWhole("TOTAL_ENERGY_CONSUMPTION");
  return {
    device: {
      index: Number(labels["gpu"] || NaN),
      name: labels["modelName"] || "NVIDIA GPU",
      uuid: labels["UUID"] || labels["uuid"] || null,
      totalBytes: bytes("FB_TOTAL") ??
        (used === null || free === null ? null : used + free + (bytes("FB_RESERVED") ?? 0)),
      maxSmClockMhz: ofWhole("MAX_SM_CLOCK"),
      driver: labels["DCGM_FI_DRIVER_VERSION"] || null,
    },
    reading: {
      utilizationPercent: ofWhole("GPU_UTIL"),
      usedBytes: used,
      powerWatts: ofWhole("POWER_USAGE"),
      smClockMhz: ofWhole("SM_CLOCK"),
      throttledBy: reasons === null ? null : throttleReasons(reasons),
      temperatureCelsius: ofWhole("GPU_TEMP"),
    },
    energyJoules: millijoules === null ? null : millijoules / 1000,
  };
}

function readTriton(samples: readonly PrometheusSample[]): ListedGpu {
  const valueOf = (metric: string) => samples.find(({ name }) => name === metric)?.value ?? null;
  // What DCGM does not tell Triton, Triton tells as 0: no GPU has 0 bytes, draws 0 W or has used 0 J.
  const unlessZero = (metric: string) => valueOf(metric) || null;
  const share = valueOf("gpu_utilization");
  const totalBytes = unlessZero("gpu_memory_total_bytes");
  return {
    device: {
      index: NaN,
      name: "NVIDIA GPU",
      uuid: samples[0]!.labels["gpu_uuid"]!,
      totalBytes,
      maxSmClockMhz: null,
      driver: null,
    },
    reading: {
      utilizationPercent: share === null ? null : share * 100,
      usedBytes: totalBytes === null ? null : valueOf("gpu_memory_used_bytes"),
      powerWatts: unlessZero("gpu_power_usage"),
      smClockMhz: null,
      throttledBy: null,
      temperatureCelsius: null,
    },
    energyJoules: unlessZero("energy_consumption"),
  };
}
