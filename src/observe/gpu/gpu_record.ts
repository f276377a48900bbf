import type { GpuSourceName, GpuUse, ThrottleReason } from "../../results/window/gpu_use.ts";
import { THROTTLE_REASONS } from "../../results/window/gpu_use.ts";
import type { GpuDevice, GpuReading } from "./gpu_source.ts";

/** What passed between two readings of the energy counters. */
export interface EnergySpan {
  /** Its length, ms. */
  readonly ms: number;
  /** Energy of the devices, J. */
  readonly joules: number;
  /** Predictions that succeeded meanwhile, with the parts of those that were under way. */
  readonly predictions: number;
}

/** A reading of the energy counters. */
interface Counted {
  readonly joules: number;
  readonly atMs: number;
  readonly predictions: () => number;
}

/** What the GPUs did in one visit to a load, as plain data: visits are merged, and stand in a file of samples. */
export interface GpuRecord extends Omit<GpuUse, "energyPerPrediction"> {
  /** Time that the means are over, ms. */
  readonly durationMs: number;
  /**
   * Set where utilisation is not known since every reading of it tells of before the visit as well: how long before a reading it
   * may begin, ms.
   */
  readonly utilizationBeforeMs?: number;
  /** In time order; empty where the energy is not told. At most {@linkcode MOST_SPANS}. */
  readonly energy: readonly EnergySpan[];
}

/** Spans that are kept of a window: at so many, neighbours are joined, so that an hour takes no more than a minute. */
export const MOST_SPANS = 256;

/** A mean over time of what may not be told. */
class TimeMean {
  #sum = 0;
  #ms = 0;

  add(value: number | null, ms: number): void {
    if (value === null) return;
    this.#sum += value * ms;
    this.#ms += ms;
  }

  get value(): number | null {
    return this.#ms > 0 ? this.#sum / this.#ms : null;
  }
}

/** Combines what all devices tell; `null` where one of them does not. */
function ofAll(values: readonly (number | null)[], combine: (values: number[]) => number): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 && known.length === values.length ? combine(known) : null;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const highest = (values: readonly number[]) => Math.max(...values);
const higher = (a: number | null, b: number | null) => a === null ? b : b === null ? a : Math.max(a, b);

/**
 * Power of some devices together.
 *
 * @param readings One for each device.
 * @returns W; `null` where one of them does not tell.
 */
export function powerOf(readings: readonly GpuReading[]): number | null {
  return ofAll(readings.map(({ powerWatts }) => powerWatts), sum);
}

/** Gathers readings of one window, in memory that does not grow with their number. */
export class GpuRecorder {
  readonly #startMs: number;
  #readings = 0;
  #lastMs: number;
  #durationMs = 0;
  readonly #utilization = new TimeMean();
  /** Of the last reading whose utilisation may begin before the window. */
  #utilizationBeforeMs: number | null = null;
  #utilizationOf: readonly TimeMean[] = [];
  readonly #power = new TimeMean();
  readonly #clock = new TimeMean();
  readonly #throttled = new TimeMean();
  readonly #reasons = new Map(THROTTLE_REASONS.map((reason) => [reason, new TimeMean()]));
  #temperature: number | null = null;
  #usedBytes: number | null = null;
  #processBytes: number | null = null;
  #counted: Counted[] = [];
  /** Power over time so far, J; `null` once a device did not tell its power. */
  #joules: number | null = 0;
  #isByPower = false;
  /** Length that a span has at least, ms; it doubles whenever spans are joined. */
  #spanMs = 0;

  /** @param startMs When the window began. */
  constructor(startMs: number) {
    this.#startMs = startMs;
    this.#lastMs = startMs;
  }

  /**
   * Takes a reading, which stands for the time since the one before it. Its utilisation counts where it tells of the window alone.
   *
   * @param readings One for each device.
   * @param atMs When it was made.
   * @param utilizationBeforeMs How long before that its utilisation may begin, ms.
   */
  add(readings: readonly GpuReading[], atMs: number, utilizationBeforeMs = 0): void {
    const ms = Math.max(0, atMs - this.#lastMs);
    this.#lastMs = Math.max(this.#lastMs, atMs);
    this.#durationMs += ms;
    this.#readings++;
    const utilization = readings.map(({ utilizationPercent }) => utilizationPercent);
    if (atMs - utilizationBeforeMs >= this.#startMs) this.#addUtilization(utilization, ms);
    else if (!utilization.includes(null)) this.#utilizationBeforeMs = utilizationBeforeMs;
    const watts = powerOf(readings);
    this.#power.add(watts, ms);
    this.#joules = this.#joules === null || watts === null ? null : this.#joules + watts * ms / 1000;
    this.#clock.add(ofAll(readings.map(({ smClockMhz }) => smClockMhz), mean), ms);
    const reasons = readings.flatMap(({ throttledBy }) => throttledBy === null ? [] : [throttledBy]);
    if (reasons.length > 0) {
      this.#throttled.add(Number(reasons.some(({ length }) => length > 0)), ms);
      for (const [reason, share] of this.#reasons) {
        share.add(Number(reasons.some((of) => of.includes(reason))), ms);
      }
    }
    const temperatures = readings.flatMap(({ temperatureCelsius }) => temperatureCelsius ?? []);
    if (temperatures.length > 0) this.#temperature = higher(this.#temperature, highest(temperatures));
    this.#usedBytes = higher(this.#usedBytes, ofAll(readings.map(({ usedBytes }) => usedBytes), sum));
  }

  #addUtilization(each: readonly (number | null)[], ms: number): void {
    this.#utilization.add(ofAll(each, mean), ms);
    if (this.#utilizationOf.length === 0) this.#utilizationOf = each.map(() => new TimeMean());
    each.forEach((of, i) => this.#utilizationOf[i]?.add(of, ms));
  }

  /**
   * Takes the memory of the server's processes.
   *
   * @param bytes Of all of them; `null` where it is not told.
   */
  addProcesses(bytes: number | null): void {
    this.#processBytes = higher(this.#processBytes, bytes);
  }

  /**
   * Takes what power over time has come to, in place of a counter.
   *
   * @param atMs When the last reading was made.
   * @param predictions As of {@linkcode addEnergy}.
   */
  addPower(atMs: number, predictions: () => number): void {
    if (this.#joules === null) return;
    this.#isByPower = true;
    this.addEnergy(this.#joules, atMs, predictions);
  }

  /**
   * Takes a reading of the energy counters.
   *
   * @param joules Of all devices since a moment that stays the same.
   * @param atMs When it was made.
   * @param predictions Tells those that had succeeded then, counted from a moment that stays the same; asked in the end.
   */
  addEnergy(joules: number, atMs: number, predictions: () => number): void {
    const last = this.#counted.at(-1), before = this.#counted.at(-2);
    // A counter that went back belongs to a driver that was loaded anew.
    if (last !== undefined && joules < last.joules) this.#counted = [];
    else if (before !== undefined && last!.atMs - before.atMs < this.#spanMs) this.#counted.pop();
    this.#counted.push({ joules, atMs, predictions });
    if (this.#counted.length <= MOST_SPANS + 1) return;
    this.#counted = this.#counted.filter((_, i) => i % 2 === 0);
    const { length, [0]: first, [length - 1]: end } = this.#counted;
    this.#spanMs = 0.9 * (end!.atMs - first!.atMs) / (length - 1);
  }

  /** What passed between the readings of the counters. */
  get #energy(): EnergySpan[] {
    return this.#counted.slice(1).map(({ joules, atMs, predictions }, i) => {
      const before = this.#counted[i]!;
      return {
        ms: atMs - before.atMs,
        joules: joules - before.joules,
        predictions: Math.max(0, predictions() - before.predictions()),
      };
    });
  }

  /**
   * What was gathered.
   *
   * @param of What told it, the devices, how they are known, how long values stand, and their power before the first load, W.
   * @returns `null` where no reading fell into the window.
   */
  record(
    { source, devices, by, refreshMs = 0, idlePowerWatts }: {
      readonly source: GpuSourceName;
      readonly devices: readonly GpuDevice[];
      readonly by?: GpuUse["by"];
      readonly refreshMs?: number;
      readonly idlePowerWatts: number | null;
    },
  ): GpuRecord | null {
    if (this.#durationMs === 0) return null;
    const each = this.#utilizationOf.flatMap(({ value }) => value ?? []);
    const clocks = devices.flatMap(({ maxSmClockMhz }) => maxSmClockMhz ?? []);
    const reasons = [...this.#reasons].flatMap(([reason, { value }]): [ThrottleReason, number][] =>
      value === null || value === 0 ? [] : [[reason, value]]
    );
    return {
      source,
      devices: devices.map(({ index }) => index),
      ...(by === undefined ? {} : { by }),
      readings: this.#readings,
      durationMs: this.#durationMs,
      utilizationPercent: this.#utilization.value,
      ...(this.#utilization.value !== null || this.#utilizationBeforeMs === null
        ? {}
        : { utilizationBeforeMs: this.#utilizationBeforeMs }),
      ...(devices.length > 1 && each.length === devices.length ? { utilizationByDevice: each } : {}),
      ...(this.#isByPower ? { energyByPowerMs: Math.max(this.#durationMs / this.#readings, refreshMs) } : {}),
      powerWatts: this.#power.value,
      idlePowerWatts,
      smClockMhz: this.#clock.value,
      maxSmClockMhz: clocks.length === 0 ? null : highest(clocks),
      throttledShare: this.#throttled.value,
      throttledBy: Object.fromEntries(reasons),
      temperatureCelsius: this.#temperature,
      usedBytes: this.#usedBytes,
      processBytes: this.#processBytes,
      energy: this.#energy,
    };
  }
}
