import type { Absent } from "../../../src/observe/absent.ts";
import type { GpuDevice, GpuProcess, GpuReading, GpuSource } from "../../../src/observe/gpu/gpu_source.ts";

/** One moment of a made-up device. */
export interface FakeMoment extends Partial<GpuReading> {
  /** What its counter has come to, J; `null` if it has none. */
  readonly joules: number | null;
}

/** What a made-up source does. */
export interface FakeGpuOptions {
  /** What each device is at a moment, or why nothing can be read. */
  readonly at: (nowMs: number) => readonly FakeMoment[] | Absent;
  /** Source of time, which a reading takes some of. @default {one that stands still} */
  readonly clock?: { now(): number; sleep(ms: number): Promise<void> };
  /** Devices. @default {1} */
  readonly devices?: number;
  /** What computes on them, or why that is not told. @default {() => []} */
  readonly processes?: () => readonly GpuProcess[] | Absent;
  /** How long a reading of the counters takes, ms. @default {3.4} */
  readonly energyMs?: number;
  /** How long a reading of utilisation is the mean of at most, ms. @default {nobody says} */
  readonly utilizationPeriodMs?: number;
}

const STILL = { now: () => 0, sleep: () => Promise.resolve() };

/** A source whose devices use some memory, and are used by some processes. */
export function fakeSource(
  usedBytes: readonly (number | null)[],
  processes: () => readonly GpuProcess[] | Absent,
): FakeGpuSource {
  const at = () => usedBytes.map((usedBytes) => ({ joules: null, usedBytes }));
  return new FakeGpuSource({ at, devices: usedBytes.length, processes });
}

/** A source of made-up GPUs that counts what it is asked, and fails if it is asked twice at once. */
export class FakeGpuSource implements GpuSource {
  readonly name = "nvml";
  readonly intervalMs = 50;
  readonly devices: readonly GpuDevice[];
  readonly utilizationPeriodMs?: number;
  /** Readings of devices, of energy and of processes. */
  readonly asked = { devices: 0, energy: 0, processes: 0 };
  closed = false;
  readonly #options: FakeGpuOptions;
  #busy = false;

  constructor(options: FakeGpuOptions) {
    this.#options = options;
    if (options.utilizationPeriodMs !== undefined) this.utilizationPeriodMs = options.utilizationPeriodMs;
    this.devices = Array.from({ length: options.devices ?? 1 }, (_, index) => ({
      index,
      name: "GPU",
      uuid: `GPU-${index}`,
      totalBytes: 2 ** 34,
      maxSmClockMhz: 1980,
      driver: "580",
    }));
  }

  readDevices(): Promise<readonly GpuReading[] | Absent> {
    this.asked.devices++;
    return this.#alone(0.1, (moments) =>
      moments.map((moment) => ({
        utilizationPercent: null,
        usedBytes: null,
        powerWatts: null,
        smClockMhz: null,
        throttledBy: null,
        temperatureCelsius: null,
        ...moment,
      })));
  }

  readEnergy(): Promise<readonly (number | null)[] | Absent> {
    this.asked.energy++;
    return this.#alone(this.#options.energyMs ?? 3.4, (moments) => moments.map(({ joules }) => joules));
  }

  readProcesses(): Promise<readonly GpuProcess[] | Absent> {
    this.asked.processes++;
    const { processes = () => [] } = this.#options;
    return this.#alone(0.1, processes);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  async #alone<T>(ms: number, tell: (moments: readonly FakeMoment[]) => T | Absent): Promise<T | Absent> {
    const { at, clock = STILL } = this.#options;
    if (this.#busy) throw new Error("two readings at once");
    this.#busy = true;
    const moments = at(clock.now());
    await clock.sleep(ms);
    this.#busy = false;
    return "absent" in moments ? moments : tell(moments);
  }
}
