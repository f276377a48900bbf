/** The machine that measured, as a schema; the order of its entries is the order in the results file. */
import * as v from "valibot";
import { busyMachineEntries } from "../../../results/evidence/busy_machine.ts";
import type { Environment } from "../../../results/environment.ts";
import { nullableNumber, nullableString, number } from "../../../results/schema.ts";

/** `Environment`. */
export const environment: v.GenericSchema<unknown, Environment> = v.looseObject({
  os: v.string(),
  cpu: nullableString,
  cores: number,
  memoryBytes: nullableNumber,
  deno: v.string(),
  gpus: v.array(v.looseObject({ name: v.string(), memoryBytes: nullableNumber, driver: nullableString })),
  gpuAbsence: v.exactOptional(v.string()),
  busy: v.exactOptional(v.looseObject(busyMachineEntries)),
  host: v.exactOptional(v.string()),
});
