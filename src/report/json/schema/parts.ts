/** Parts of a run that broke off and went on, as schemas; the order of their entries is the order in the results file. */
import * as v from "valibot";
import { cacheCheckEntries } from "../../../results/kinds/cache_check.ts";
import { RESULT_KINDS } from "../../../results/kinds.ts";
import type { RunPart } from "../../../results/resume/run_part.ts";
import { number, partialReason } from "../../../results/schema.ts";
import { environment } from "./environment.ts";

const kinds = v.array(v.picklist(RESULT_KINDS));

/** `RunPart`. */
export const part: v.GenericSchema<unknown, RunPart> = v.looseObject({
  startedAt: v.string(),
  durationMs: number,
  environment,
  tests: kinds,
  dropped: kinds,
  ended: partialReason,
  cache: v.exactOptional(v.looseObject(cacheCheckEntries)),
});
