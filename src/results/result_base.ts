import * as v from "valibot";
import { nullableNumber, number, partialReason, textsByName } from "./schema.ts";
import { ceilingEntries, type CeilingFigures } from "./window/client_use.ts";
import { type LevelShift, levelShiftSchema } from "./window/level_shift.ts";
import { type LostServer, lostServerSchema, type Outage, outageSchema } from "./window/lost_server.ts";

/**
 * Why a result holds less than it was asked for.
 *
 * - `interrupted`: the caller's signal ended it
 * - `target-lost`: the server stopped answering
 * - `model-lost`: the test unloaded the model, and it could not be loaded again
 */
export type PartialReason = "interrupted" | "target-lost" | "model-lost";

/** Why a field is `null`: its name (with `.` for nesting) and the reason, for people. */
export type Absences = Readonly<Record<string, string>>;

/** What every result has. */
export interface ResultBase {
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** How long it took in all, warm-up and drain included, ms. */
  readonly elapsedMs: number;
  /** Why it holds less than it was asked for, or `null` if it is whole. */
  readonly partial: PartialReason | null;
  /** When and how the server was lost; left out where it was not, and by versions that did not tell. */
  readonly lost?: LostServer;
  /** Times in which the server did not answer, and after which it did; left out where there were none. */
  readonly outages?: readonly Outage[];
  /** Why fields of this result are `null`. */
  readonly absences: Absences;
  /** How the client fared while it measured. */
  readonly client: ClientCheck;
  /**
   * Requests, those of the warm-up included, that met a connection which the server had closed without saying so, and were
   * sent once more; they count once. Left out where there were none or nobody counted.
   */
  readonly resentRequests?: number;
  /** What stopping at the wanted precision saved; left out where nothing was stopped by precision. */
  readonly stopping?: {
    /** Length of the windows that ended by precision or at their bound, ms. */
    readonly windowsMs: number;
    /** Length that they would have had at their bounds, as a tool with fixed durations measures, ms. */
    readonly fixedMs: number;
  };
  /** Loads whose latency changed for good while this test measured; left out where there were none or nobody looked. */
  readonly shifts?: readonly LevelShift[];
}

/**
 * What the client saw of itself while it measured: over the whole test. Its ceiling is the lowest of the batch sizes that
 * were sent.
 */
export interface ClientCheck extends CeilingFigures {
  /** Mean CPU time of this process per finished request, ms, or `null` where nothing was sent. */
  readonly cpuMsPerRequest: number | null;
  /** Share of one core that this process used, 0 to 1 and above; `null` where it could not be read. */
  readonly cpuShare: number | null;
  /** 99th percentile of how late a timer fired, ms; `null` where nothing ran long enough. */
  readonly eventLoopLagP99Ms: number | null;
  /** True if the client, not the server, may have set the numbers of a window, which says why. */
  readonly limited: boolean;
}

/** {@linkcode ClientCheck} in a results file. */
export const clientSchema: v.GenericSchema<unknown, ClientCheck> = v.looseObject({
  cpuMsPerRequest: nullableNumber,
  cpuShare: nullableNumber,
  eventLoopLagP99Ms: nullableNumber,
  ...ceilingEntries,
  limited: v.boolean(),
});

/** {@linkcode ResultBase} in a results file, as entries of each result's schema. */
export const baseEntries: v.ObjectEntries = {
  startedAt: v.string(),
  elapsedMs: number,
  partial: partialReason,
  lost: v.exactOptional(lostServerSchema),
  outages: v.exactOptional(v.array(outageSchema)),
  absences: textsByName,
  client: clientSchema,
  resentRequests: v.exactOptional(number),
  stopping: v.exactOptional(v.looseObject({ windowsMs: number, fixedMs: number })),
  shifts: v.exactOptional(v.array(levelShiftSchema)),
};
