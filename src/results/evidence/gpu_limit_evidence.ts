import * as v from "valibot";
import { nullableNumber, number } from "../schema.ts";
import type { GpuUse } from "../window/gpu_use.ts";
import { type LoadPoint, loadPointEntries } from "./load_point.ts";
import type { ServerShareEvidence } from "./server_evidence.ts";

/** What the GPUs did at the load that the report names first. */
export interface GpuLoadEvidence extends
  LoadPoint,
  Pick<
    GpuUse,
    | "devices"
    | "utilizationPercent"
    | "utilizationByDevice"
    | "powerWatts"
    | "idlePowerWatts"
    | "smClockMhz"
    | "maxSmClockMhz"
  > {}

/** A GPU on which nearly always a kernel runs. */
export interface GpuComputeEvidence {
  /** What the GPUs did. */
  readonly gpu: GpuLoadEvidence;
  /** Whether more load was seen to bring no more throughput. */
  readonly saturated: boolean;
}

/** A GPU that waits for the server's own work. */
export interface HostEvidence {
  /** What the GPUs did. */
  readonly gpu: GpuLoadEvidence;
  /** How much of a lone request's latency the server works; `null` where it does not tell. */
  readonly server: ServerShareEvidence | null;
  /** What handing over and reading take of the latency at that load, 0 to 1; `null` where it is not known. */
  readonly transferShare: number | null;
  /** Whether larger batches were measured and bring no more throughput. */
  readonly largerBatchesTried: boolean;
  /** True where no larger batches can be had; left out where they may be. */
  readonly largestBatch?: true;
}

/** A GPU that runs below its clock. */
export interface ThrottledEvidence extends Pick<GpuUse, "throttledBy" | "temperatureCelsius"> {
  /** What the GPUs did. */
  readonly gpu: GpuLoadEvidence;
  /** Share of time in which a device was throttled, 0 to 1. */
  readonly throttledShare: number;
}

/** GPUs of the server that leave the work to a busy one. */
export interface IdleGpusEvidence {
  /** What the GPUs did. */
  readonly gpu: GpuLoadEvidence;
  /** Indices of those that idle. */
  readonly idleDevices: readonly number[];
}

/** {@linkcode GpuLoadEvidence} in a results file. */
export const gpuLoadSchema = v.looseObject({
  ...loadPointEntries,
  devices: v.array(number),
  utilizationPercent: nullableNumber,
  utilizationByDevice: v.exactOptional(v.array(number)),
  powerWatts: nullableNumber,
  idlePowerWatts: nullableNumber,
  smClockMhz: nullableNumber,
  maxSmClockMhz: nullableNumber,
});
