/** Gate and baseline, as schemas; the order of their entries is the order in the results file. */
import * as v from "valibot";
import { OBJECTIVE_METRICS } from "../../../objectives/metrics.ts";
import type { BaselineCheck } from "../../../results/comparison.ts";
import type { Gate } from "../../../results/gate.ts";
import { objectiveEntries, outcomeEntries } from "../../../results/objective.ts";
import { RESULT_KINDS } from "../../../results/kinds.ts";
import { nullableEstimate, nullableNumber, nullableString, number, partialReason } from "../../../results/schema.ts";
import { UNITS } from "../../../results/units.ts";

const test = v.picklist(RESULT_KINDS);
const unit = v.picklist(UNITS);

/** `Gate`. */
export const gate: v.GenericSchema<unknown, Gate> = v.looseObject({
  passed: v.boolean(),
  lenient: v.boolean(),
  outcomes: v.array(v.looseObject({
    ...outcomeEntries,
    objective: v.looseObject({ ...objectiveEntries, metric: v.picklist(OBJECTIVE_METRICS) }),
    place: v.nullable(v.looseObject({
      test,
      batchSize: nullableNumber,
      concurrency: nullableNumber,
      offeredPerSecond: v.exactOptional(number),
    })),
    absence: nullableString,
    observationsNeeded: nullableNumber,
  })),
});

const run = v.looseObject({
  startedAt: v.string(),
  command: v.string(),
  url: v.string(),
  model: v.string(),
  partial: partialReason,
  clientLimited: v.array(test),
  notConverged: v.array(test),
});

const comparison = v.looseObject({
  a: run,
  b: run,
  identical: v.boolean(),
  differences: v.array(v.looseObject({
    what: v.string(),
    a: v.string(),
    b: v.string(),
    severity: v.picklist(["info", "warning", "critical"]),
  })),
  incomparable: v.array(v.looseObject({
    test,
    reason: v.picklist(["only-in-first", "only-in-second", "different-loads"]),
    a: v.exactOptional(v.record(v.string(), v.unknown())),
    b: v.exactOptional(v.record(v.string(), v.unknown())),
  })),
  figures: v.array(v.looseObject({
    test,
    name: v.string(),
    unit,
    better: v.picklist(["less", "more"]),
    a: nullableEstimate,
    b: nullableEstimate,
    difference: nullableEstimate,
    ratio: nullableEstimate,
    verdict: v.picklist(["better", "worse", "no difference found", "cannot tell"]),
    reason: nullableString,
    smallestShown: nullableNumber,
  })),
  choices: v.array(v.looseObject({
    what: v.string(),
    a: nullableNumber,
    b: nullableNumber,
    withinNoise: v.boolean(),
    untriedBy: v.exactOptional(v.array(v.picklist(["a", "b"]))),
  })),
  verdicts: v.exactOptional(v.array(v.looseObject({ what: v.string(), a: nullableString, b: nullableString }))),
  family: number,
  level: number,
});

/** `BaselineCheck`. */
export const baseline: v.GenericSchema<unknown, BaselineCheck> = v.looseObject({
  passed: v.boolean(),
  maxRegression: number,
  regressions: v.array(v.string()),
  lost: v.array(v.string()),
  comparison,
});
