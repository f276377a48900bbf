import type { GpuSourceName } from "../../results/window/gpu_use.ts";
import { type Absent, isAbsent } from "../absent.ts";
import { chooseDevices, type GpuName } from "./choose_devices.ts";
import type { GpuDevice, GpuProcess, GpuReading, GpuSource } from "./gpu_source.ts";
import type { Refresh } from "./exporter/refresh.ts";

/** One GPU as a list of all of them tells of it. */
export interface ListedGpu {
  /** The device. */
  readonly device: GpuDevice;
  /** What it does. */
  readonly reading: GpuReading;
  /** Energy since a moment that stays the same, J; `null` if it is not told. */
  readonly energyJoules: number | null;
}

/** What lists all GPUs at once. */
export interface GpuLister {
  /** What it is. */
  readonly name: GpuSourceName;
  /** How often it may be asked, ms. */
  readonly intervalMs: number;
  /** How long its values stand, where they are not of the moment. */
  readonly refresh?: Refresh;
  /** Lists them. */
  list(): Promise<readonly ListedGpu[] | Absent>;
  /** Lists them where their energy alone is wanted. @default {`list`} */
  listEnergy?(): Promise<readonly ListedGpu[] | Absent>;
  /** Lists the processes that compute. */
  listProcesses(): Promise<readonly GpuProcess[] | Absent>;
}

const NOTHING: GpuReading = {
  utilizationPercent: null,
  usedBytes: null,
  powerWatts: null,
  smClockMhz: null,
  throttledBy: null,
  temperatureCelsius: null,
};

/**
 * A source over what lists all GPUs at once.
 *
 * @param lister Lists them.
 * @param first What it listed first.
 * @param gpuDevices The devices to read; `undefined` for all. One that is no longer listed is read as not told.
 * @throws {UsageError} If a device is asked for that is not there.
 */
export function sourceOver(
  lister: GpuLister,
  first: readonly ListedGpu[],
  gpuDevices: readonly GpuName[] | undefined,
): GpuSource {
  const { name, intervalMs, refresh } = lister;
  const all = first.map(({ device }) => device);
  // The parts of a device may share its id.
  const uuids = all.flatMap(({ uuid }) => uuid ?? []);
  const isUnique = new Set(uuids).size === uuids.length;
  const keyOf = ({ uuid, index }: GpuDevice) => isUnique && uuid !== null ? uuid : index;
  const devices = chooseDevices(all, gpuDevices).map((at) => all[at]!);
  const inOrder = <T>(gpus: readonly ListedGpu[] | Absent, read: (gpu: ListedGpu | undefined) => T) => {
    if (isAbsent(gpus)) return gpus;
    const byDevice = new Map(gpus.map((gpu) => [keyOf(gpu.device), gpu]));
    return devices.map((device) => read(byDevice.get(keyOf(device))));
  };
  return {
    name,
    devices,
    intervalMs,
    get refreshMs() {
      return refresh?.refreshMs ?? 0;
    },
    readDevices: async () => inOrder(await lister.list(), (gpu) => gpu?.reading ?? NOTHING),
    readEnergy: async () => inOrder(await (lister.listEnergy ?? lister.list)(), (gpu) => gpu?.energyJoules ?? null),
    readProcesses: lister.listProcesses,
    close: () => Promise.resolve(),
  };
}
