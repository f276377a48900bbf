import type { GpuLoadEvidence, HostEvidence, LoadPoint, ThrottledEvidence } from "../../results/finding.ts";
import { type ThrottleReason, throttleReasons } from "../../results/window/gpu_use.ts";
import { type Inline, joined, quantity, say } from "../inline.ts";
import { inlineNumber, inlineTimeValue } from "../inline_quantity.ts";
import { UNITS } from "../quantity.ts";
import { enumerate, pointInWords, shareInWords } from "../words.ts";
import { readingText, throttledShareInWords } from "./gpu_in_words.ts";

/**
 * A load by what tells it from the others of a run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadPointInWords } from "./gpu_limit_in_words.ts";
 * import { plainText } from "../inline.ts";
 *
 * const point = { test: "throughput", batchSize: 16, concurrency: 4, ratePerSecond: null } as const;
 * assertEquals(plainText(loadPointInWords(point)), "batch size 16, concurrency 4");
 * ```
 *
 * @param point The load.
 */
export function loadPointInWords({ batchSize, concurrency, ratePerSecond }: LoadPoint): Inline {
  if (concurrency !== null) return say`${pointInWords(batchSize, concurrency)}`;
  return ratePerSecond === null
    ? say`batch size ${batchSize}, a trace`
    : say`batch size ${batchSize}, ${inlineNumber(ratePerSecond, UNITS.requestsPerSecond)} offered`;
}

const percent = (percent: number) => readingText(percent, UNITS.percent);

/** How busy the GPUs were: `a kernel ran 23% of the time (142 W, 125 W at rest)`. */
export function utilizationInWords(gpu: GpuLoadEvidence): Inline {
  const { devices, utilizationPercent, utilizationByDevice: each } = gpu;
  const power = powerInWords(gpu);
  if (each !== undefined && each.length > 1) {
    const parts = each.map((of, i) => `${percent(of)}${i === 0 ? " of the time" : ""} on GPU ${devices[i] ?? i}`);
    return say`a kernel ran ${enumerate(parts)}${power}`;
  }
  if (utilizationPercent === null) return say`how busy it was is not known${power}`;
  const mean = devices.length > 1 ? `, in the mean of ${devices.length} GPUs,` : "";
  return say`a kernel ran${mean} ${percent(utilizationPercent)} of the time${power}`;
}

function powerInWords({ powerWatts, idlePowerWatts, devices }: GpuLoadEvidence): Inline {
  if (powerWatts === null) return [];
  const shown = (watts: number) => quantity(readingText(watts, UNITS.watts));
  const together = devices.length > 1 ? " together" : "";
  return idlePowerWatts === null
    ? say` (${shown(powerWatts)}${together})`
    : say` (${shown(powerWatts)}${together}, ${shown(idlePowerWatts)} at rest)`;
}

/** Devices by their numbers: `GPU 1 idles`. */
export function idleDevicesInWords(devices: readonly number[]): string {
  return `GPU ${enumerate(devices)} ${devices.length === 1 ? "idles" : "idle"}`;
}

/** Why the GPU waits for the host, one sentence. */
export function hostInWords({ gpu, server, transferShare }: HostEvidence): Inline {
  const facts = [
    ...(server === null ? [] : [
      say`of the ${inlineTimeValue(server.latencyMs)} that a lone request takes, the server works ${
        inlineTimeValue(server.serverMs)
      } (${shareInWords(server.serverShare)})`,
    ]),
    ...(transferShare === null
      ? []
      : [say`handing over and reading take ${shareInWords(transferShare)} of the latency there`]),
    say`more load brings no more throughput`,
  ];
  const last = facts.pop()!;
  const before = facts.length === 0 ? [] : say`${joined(facts, ", ")}, and `;
  return joined([
    say`the GPU waits for the server's own work (Python, launches of kernels, copies). At ${loadPointInWords(gpu)} `,
    say`${utilizationInWords(gpu)}; ${before}${last}.`,
  ]);
}

const REASONS: Readonly<Record<ThrottleReason, string>> = {
  power: "its power limit",
  thermal: "its temperature",
  other: "a slowdown of the hardware",
};

/** That a GPU ran below its clock, and why: two sentences. */
export function throttledInWords(evidence: ThrottledEvidence): Inline {
  const { gpu, throttledShare, temperatureCelsius } = evidence;
  const reasons = throttleReasons(evidence);
  const cause = reasons.length === 0 ? "" : ` by ${enumerate(reasons.map((reason) => REASONS[reason]))}`;
  const facts = [
    ...(gpu.smClockMhz === null ? [] : [clockInWords(gpu.smClockMhz, gpu.maxSmClockMhz)]),
    ...(temperatureCelsius === null ? [] : [say`${temperatureCelsius} degrees Celsius`]),
  ];
  const seen = facts.length === 0 ? [] : say` (${joined(facts, ", ")})`;
  return joined([
    say`at ${loadPointInWords(gpu)} the GPU was slowed down ${throttledShareInWords(throttledShare)} of the time`,
    say`${cause}${seen}; ${utilizationInWords(gpu)}.`,
  ]);
}

function clockInWords(smClockMhz: number, maxSmClockMhz: number | null): Inline {
  const clock = inlineNumber(Math.round(smClockMhz), UNITS.megahertz);
  return maxSmClockMhz === null
    ? say`at ${clock}`
    : say`at ${clock} of ${inlineNumber(maxSmClockMhz, UNITS.megahertz)}`;
}
