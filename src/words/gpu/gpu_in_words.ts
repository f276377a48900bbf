import type { GpuClock, GpuClocksEvidence, GpuThrottledEvidence } from "../../results/finding.ts";
import type { GpuSourceName, ThrottleReason } from "../../results/window/gpu_use.ts";
import { type Inline, say } from "../inline.ts";
import { inlineNumber } from "../inline_quantity.ts";
import { formatNumber, type Unit, UNITS } from "../quantity.ts";
import type { Statement } from "../statement.ts";
import { enumerate, levelsInWords, shareInWords } from "../words.ts";

const SOURCES: Readonly<Record<GpuSourceName, string>> = {
  "nvml": "NVML",
  "nvidia-smi": "nvidia-smi",
  "dcgm-exporter": "the DCGM exporter",
  "triton-metrics": "Triton's metrics",
  "amd-smi": "amd-smi",
  "rocm-smi": "rocm-smi",
  "systeminformation": "systeminformation",
};

const REASONS: Readonly<Record<ThrottleReason, string>> = {
  power: "power",
  thermal: "temperature",
  other: "another reason",
};

/**
 * What tells of GPUs.
 *
 * @param source By its name in results.
 */
export function gpuSourceInWords(source: GpuSourceName): string {
  return SOURCES[source];
}

const because = (reasons: readonly ThrottleReason[]) => enumerate(reasons.map((reason) => REASONS[reason]));

/**
 * The share of the time in which a device was throttled: sampled, and therefore in whole percent from ten on.
 *
 * @param share 0 to 1.
 */
export function throttledShareInWords(share: number): string {
  return shareInWords(share >= 0.1 ? Number(share.toFixed(2)) : share);
}

/**
 * A mean of what a device told of itself, whole from ten on: more digits its readings do not hold.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { UNITS } from "../quantity.ts";
 * import { readingText } from "./gpu_in_words.ts";
 *
 * assertEquals([readingText(47.3, UNITS.percent), readingText(4.73, UNITS.watts)], ["47%", "4.73 W"]);
 * ```
 *
 * @param value In the base unit.
 * @param unit Of display.
 */
export function readingText(value: number, unit: Unit): string {
  return formatNumber(value < 10 ? value : Math.round(value), unit);
}

/**
 * How long a device was throttled, and why.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { throttleInWords } from "./gpu_in_words.ts";
 *
 * assertEquals(throttleInWords(0.25, ["power", "thermal"]), "25% (power and temperature)");
 * ```
 *
 * @param share Of the time, 0 to 1.
 * @param reasons Why; may be empty.
 */
export function throttleInWords(share: number, reasons: readonly ThrottleReason[]): string {
  const time = throttledShareInWords(share);
  return reasons.length === 0 ? time : `${time} (${because(reasons)})`;
}

/**
 * That a GPU ran slower than it could have.
 *
 * @param evidence Where, how long and why.
 */
export function gpuThrottledInWords({ test, levels, share, reasons }: GpuThrottledEvidence): Statement {
  const most = levels.length > 1 ? "up to " : "";
  const why = reasons.length === 0 ? "" : `: ${because(reasons)}`;
  return {
    label: say`The GPU was throttled at ${levelsInWords(test, levels)} (${most}${
      throttledShareInWords(share)
    } of the time${why})`,
    evidence: say`it may do more with better cooling or a higher power limit, and less when it runs for longer.`,
  };
}

/**
 * That levels were measured at different clocks.
 *
 * @param evidence Which.
 */
export function gpuClocksInWords({ test, slowest, fastest }: GpuClocksEvidence): Statement {
  const where = ({ level, smClockMhz }: GpuClock): Inline => {
    const clock = inlineNumber(Math.round(smClockMhz), UNITS.megahertz);
    return say`${clock} at ${levelsInWords(test, level === null ? [] : [level])}`;
  };
  return {
    label: say`The GPU ran at different clocks`,
    evidence: say`${where(slowest)} and ${where(fastest)}; compare these levels with care.`,
  };
}
