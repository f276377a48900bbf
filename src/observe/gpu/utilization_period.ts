import type { GpuDevice, GpuReading, GpuSource } from "./gpu_source.ts";

/** What was seen of one device. */
interface Seen {
  percent: number | null;
  /** When it was last seen unchanged, ms. */
  atMs: number;
  /** Its last change came after this, ms; `null` before the first. */
  changedAfterMs: number | null;
}

/**
 * How long before a reading its utilisation may begin. A driver counts over one period after the other and tells the last that is
 * over: what is read may be of up to two before. Periods are as long as documented until a device shows that they are shorter: its
 * value changed twice within less. One that stays the same shows nothing.
 */
export class UtilizationPeriod {
  readonly #longestMs: number;
  readonly #names: readonly string[];
  readonly #seen: (Seen | undefined)[] = [];
  /** By the name of the product: devices of one count alike, and one that rests all along shows nothing. */
  readonly #periodMs = new Map<string, number>();

  /**
   * Begins with nothing seen.
   *
   * @param source How long its periods are at most; nothing is said where it does not tell.
   * @param devices Those that are read.
   */
  constructor({ utilizationPeriodMs = 0 }: Pick<GpuSource, "utilizationPeriodMs">, devices: readonly GpuDevice[]) {
    this.#longestMs = utilizationPeriodMs;
    this.#names = devices.map(({ name }) => name);
  }

  /**
   * Takes a reading.
   *
   * @param readings One for each device.
   * @param atMs When it was made, ms.
   */
  saw(readings: readonly GpuReading[], atMs: number): void {
    readings.forEach(({ utilizationPercent: percent }, i) => {
      const seen = this.#seen[i], name = this.#names[i]!;
      if (seen === undefined || percent === null || seen.percent === null) {
        this.#seen[i] = { percent, atMs, changedAfterMs: null };
        return;
      }
      if (percent !== seen.percent) {
        if (seen.changedAfterMs !== null) {
          this.#periodMs.set(name, Math.min(this.#periodOf(name), atMs - seen.changedAfterMs));
        }
        seen.changedAfterMs = seen.atMs;
      }
      seen.percent = percent;
      seen.atMs = atMs;
    });
  }

  /** How long before a reading its utilisation may begin, as far as was seen, ms. */
  get beforeMs(): number {
    return 2 * Math.max(...this.#names.map((name) => this.#periodOf(name)));
  }

  #periodOf(name: string): number {
    return this.#periodMs.get(name) ?? this.#longestMs;
  }
}
