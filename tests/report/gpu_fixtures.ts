/** Reports of servers whose GPUs were seen, and of some whose were not. */
import type { Report } from "../../src/results/report.ts";
import type { TestResults } from "../../src/results/result.ts";
import type { GpuUse } from "../../src/results/window/gpu_use.ts";
import type { Window } from "../../src/results/window/window.ts";
import { distribution } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { calmUse } from "../results/result_base.ts";
import { gpuUse, h200 } from "../results/window/gpu_use.ts";
import { measurement } from "../results/window/windows.ts";
import { reportOf } from "./report_of.ts";

const RATES = { 1: 216, 4: 595, 16: 1449, 64: 576 };

const server = (device: string | null): Partial<Report> => ({
  target: { url: "http://127.0.0.1:8000", protocol: "kserve-v2", model: "resnet50", embedded: false, device },
  environment: {
    os: "Ubuntu 24.04",
    cpu: "Intel Xeon Platinum 8480C",
    cores: 16,
    memoryBytes: 221 * 2 ** 30,
    deno: "2.9.6",
    gpus: [{ name: "NVIDIA H200", memoryBytes: 141 * 2 ** 30, driver: "580.159.04" }],
  },
  command: "deno task comprehensive --url http://127.0.0.1:8000 --price-per-hour 4.5",
});

/** A lone request, of which the server works 83 %. */
const lone = (overrides: Partial<Window> = {}) =>
  basicResult({
    ...measurement(RATES[1], 1, 1),
    firstByteMs: null,
    serverMs: distribution(3.84, 864),
    clientUse: { ...calmUse, sharedCores: 16 },
    ...overrides,
  });

/** A sweep over batch sizes in which the GPUs always did the same. */
function sweepOf(gpu: Partial<GpuUse> | null, overrides: Partial<Window> = {}): TestResults {
  const levels = throughputResult(RATES).levels.map((level) => ({
    ...level,
    gpu: gpu === null ? null : gpuUse({ energyPerPrediction: null, ...gpu }),
    ...overrides,
  }));
  return { basic: lone(), throughput: throughputResult(RATES, { levels }) };
}

const withGpu = <W extends Window>(window: W): W => ({ ...window, gpu: h200(window.load.batchSize) });

/** What an H200 was seen to do for a plain Python server. */
function host(): TestResults {
  const throughput = throughputResult(RATES), scalability = scalabilityResult({ 1: 216, 2: 244, 4: 250, 8: 247 });
  const points = [operatingPoint(1449, 16, 1), operatingPoint(1248, 16, 4), operatingPoint(250, 1, 4)];
  return {
    basic: lone({ gpu: h200(1) }),
    throughput: { ...throughput, levels: throughput.levels.map(withGpu) },
    scalability: { ...scalability, levels: scalability.levels.map(withGpu), usl: null },
    "operating-points": operatingPointsResult(points.map(withGpu)),
  };
}

const hot = { utilizationPercent: 97, powerWatts: 512, throttledShare: 0.62, temperatureCelsius: 87, smClockMhz: 1290 };

/** Reports by name; each has a golden text of its analysis. */
export const gpuReports: Readonly<Record<string, Report>> = {
  "gpu-host": reportOf(host(), server(null), 4.5),
  "gpu-compute": reportOf(sweepOf({ utilizationPercent: 99, powerWatts: 690 }), server("cuda:0")),
  "gpu-power": reportOf(
    sweepOf({ ...hot, powerWatts: 699, temperatureCelsius: 71, throttledBy: { power: 0.62, thermal: 0.02 } }),
    server("cuda:0"),
  ),
  "gpu-heat": reportOf(sweepOf({ ...hot, throttledBy: { thermal: 0.62, power: 0.11 } }), server("cuda:0")),
  "gpu-one-of-two": reportOf(
    sweepOf({
      devices: [0, 1],
      utilizationPercent: 50,
      utilizationByDevice: [98.6, 1.2],
      powerWatts: 790,
      idlePowerWatts: 201,
    }),
    server("cuda"),
  ),
  "gpu-half-busy": reportOf(sweepOf({ utilizationPercent: 71, powerWatts: 402 }), server("cuda:0")),
  "gpu-unseen": reportOf({
    ...sweepOf(null),
    throughput: { ...sweepOf(null).throughput!, absences: { gpu: "neither NVML nor nvidia-smi was found" } },
  }, server("cuda:0")),
  "gpu-unknown-device": reportOf(
    { ...sweepOf(null), basic: lone({ clientUse: calmUse }) },
    { ...server(null), target: { ...server(null).target!, url: "http://10.0.0.12:8000" } },
  ),
  "priced": reportOf({ basic: basicResult(), throughput: throughputResult() }, {}, 0.9),
};
