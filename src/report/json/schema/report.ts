import * as v from "valibot";
import { type Report, SCHEMA_VERSION } from "../../../results/report.ts";
import { efficiencyEntries } from "../../../results/evidence/efficiency.ts";
import { KINDS, RESULT_KINDS, type TestResults } from "../../../results/kinds.ts";
import { number, partialReason, textsByName } from "../../../results/schema.ts";
import { targetSchema } from "../../../results/target_description.ts";
import { baseline, gate } from "./checks.ts";
import { environment } from "./environment.ts";
import { finding, recommendation } from "./findings.ts";
import { part } from "./parts.ts";

const testResults = v.looseObject(
  Object.fromEntries(
    RESULT_KINDS.map((kind): [string, v.GenericSchema] => [kind, v.exactOptional(KINDS[kind].schema)]),
  ),
) as v.GenericSchema<unknown, TestResults>;

/**
 * The results file. One description serves both ways: reading checks against it, writing takes its order of fields.
 * Fields that it does not know are kept, after those that it knows: a newer version may add some.
 */
export const reportSchema: v.GenericSchema<unknown, Report> = v.looseObject({
  $schema: v.exactOptional(v.string()),
  schemaVersion: v.literal(SCHEMA_VERSION),
  tool: v.looseObject({ name: v.string(), version: v.string() }),
  startedAt: v.string(),
  durationMs: number,
  seed: number,
  command: v.string(),
  environment,
  target: targetSchema,
  partial: partialReason,
  tests: testResults,
  findings: v.array(finding),
  recommendations: v.array(recommendation),
  efficiency: v.exactOptional(v.looseObject(efficiencyEntries)),
  warnings: v.array(v.string()),
  asked: v.exactOptional(textsByName),
  parts: v.exactOptional(v.array(part)),
  gate: v.exactOptional(gate),
  baseline: v.exactOptional(baseline),
});
