import * as v from "valibot";
import { number } from "../schema.ts";

/** A level that a sweep visited once only, since it could no longer be the optimum. */
export interface LeftLevel {
  /** Batch size or concurrency. */
  readonly level: number;
  /** `slower`: surely slower than the other; `no-gain`: larger than the other, and surely not worth it. */
  readonly reason: "slower" | "no-gain";
  /** The level that shows it. */
  readonly than: number;
}

/** {@linkcode LeftLevel} in a results file. */
export const leftLevelSchema: v.GenericSchema<unknown, LeftLevel> = v.looseObject({
  level: number,
  reason: v.picklist(["slower", "no-gain"]),
  than: number,
}) as unknown as v.GenericSchema<unknown, LeftLevel>;
