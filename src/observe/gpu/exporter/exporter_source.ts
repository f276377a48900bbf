import { type Clock, systemClock } from "../../../core/clock.ts";
import { TargetError } from "../../../core/errors.ts";
import { naming, option } from "../../../core/option_words.ts";
import { parsePrometheus } from "../../../core/prometheus_text.ts";
import { type Absent, isAbsent } from "../../absent.ts";
import type { GpuName } from "../choose_devices.ts";
import { type ExportedGpus, readExportedGpus } from "./exporter_metrics.ts";
import { fetchMetrics } from "./fetch_metrics.ts";
import { sourceOver } from "../gpu_list_source.ts";
import type { GpuSource } from "../gpu_source.ts";
import { type MetricsUrl, parseMetricsUrl } from "./metrics_url.ts";
import { Refresh } from "./refresh.ts";

/** Options of {@linkcode openExporterSource}. */
export interface ExporterSourceOptions {
  /** Where its metrics are; `/metrics` where no path is given. Name and password in it are sent to it alone. */
  readonly url: string;
  /** The devices to read. @default {all} */
  readonly gpuDevices?: readonly GpuName[];
  /** Deadline of one reading, ms. @default {5000} */
  readonly timeoutMs?: number;
  /** Source of time. @default {systemClock} */
  readonly clock?: Pick<Clock, "now">;
}

/** An exporter refreshes once a second at the fastest that is usual; each reading costs it some ms. */
const INTERVAL_MS = 500;

/**
 * Opens a way to read GPUs of another host: over a DCGM exporter or the metrics of Triton, told apart by the names of their
 * metrics. Which GPUs a server uses cannot be told from afar, so that all are read, or those that are asked for.
 *
 * @param options Where the metrics are.
 * @returns The source. Its `refreshMs` grows truer with each reading.
 * @throws {UsageError} If the URL cannot be used or a device is asked for that is not there.
 * @throws {TargetError} If nothing there tells of GPUs.
 */
export async function openExporterSource(options: ExporterSourceOptions): Promise<GpuSource> {
  const { gpuDevices, timeoutMs = 5000, clock = systemClock } = options;
  const url = parseMetricsUrl(options.url);
  const refresh = new Refresh(INTERVAL_MS);
  const read = async (): Promise<ExportedGpus | Absent> => {
    const exported = await readOnce(url, timeoutMs);
    if (!isAbsent(exported)) {
      refresh.saw(
        JSON.stringify(exported.gpus.map(({ reading, energyJoules }) => [reading, energyJoules])),
        clock.now(),
      );
    }
    return exported;
  };
  const first = await read();
  if (isAbsent(first)) throw unusable(url, first);
  const { name } = first;
  return sourceOver(
    {
      name,
      intervalMs: INTERVAL_MS,
      refresh,
      async list() {
        const exported = await read();
        return isAbsent(exported) ? { absent: `${name} at ${url.shown}: ${exported.absent}` } : exported.gpus;
      },
      listProcesses: () => Promise.resolve({ absent: `${name} tells nothing of processes` }),
    },
    first.gpus,
    gpuDevices,
  );
}

async function readOnce(url: MetricsUrl, timeoutMs: number): Promise<ExportedGpus | Absent> {
  const text = await fetchMetrics(url, timeoutMs);
  return isAbsent(text) ? text : readExportedGpus(text) ?? { absent: whatElse(text) };
}

/** What there is in a text without GPUs. */
function whatElse(text: string): string {
  const names = [...new Set(parsePrometheus(text).map(({ name }) => name))];
  if (names.length === 0) return "it answers with no metrics in the format of Prometheus";
  if (names.some((name) => name.startsWith("nv_inference_"))) return "it is a Triton that tells nothing of GPUs";
  const some = names.slice(0, 3).join(", ") + (names.length > 3 ? ", ..." : "");
  return `it answers with metrics of something else (${some})`;
}

function unusable({ shown }: MetricsUrl, { absent }: Absent): TargetError {
  const refused = /status 40[13]/.test(absent);
  return new TargetError(`Cannot read GPUs at ${shown} as metrics of GPUs must be there: ${absent}`, {
    hint: refused
      ? naming`Write name and password into the URL: ${option("gpuMetricsUrl", "http://name:password@host:9400")}.`
      : "A DCGM exporter answers at http://host:9400/metrics, Triton at http://host:8002/metrics.",
  });
}
