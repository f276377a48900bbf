/**
 * Writes the JSON Schema of the results file, from the schema that reads and writes it: `deno task dev:schema`. A test fails
 * where the file is out of date.
 *
 * @module
 */
import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import { fileURLToPath } from "node:url";
import type * as v from "valibot";
import { SCHEMA_ADDRESS } from "../../src/report/json/in_words.ts";
import { baseline, gate } from "../../src/report/json/schema/checks.ts";
import { environment } from "../../src/report/json/schema/environment.ts";
import { finding, recommendation } from "../../src/report/json/schema/findings.ts";
import { reportSchema } from "../../src/report/json/schema/report.ts";
import { KINDS, RESULT_KINDS } from "../../src/results/kinds.ts";
import { gpuLoadSchema } from "../../src/results/evidence/gpu_limit_evidence.ts";
import { clientSchema } from "../../src/results/result_base.ts";
import {
  distribution,
  estimate,
  failureCounts,
  failureTexts,
  nullableDistribution,
  nullableEstimate,
  nullableNumber,
} from "../../src/results/schema.ts";
import { targetSchema } from "../../src/results/target_description.ts";
import { clientUseSchema } from "../../src/results/window/client_use.ts";
import { gpuUseSchema } from "../../src/results/window/gpu_use.ts";
import { loadSchema } from "../../src/results/window/load.ts";
import { windowEntries } from "../../src/results/window/window.ts";

/** Path of the file. */
export const RESULTS_SCHEMA: string = fileURLToPath(
  new URL("../../src/report/json/results.schema.json", import.meta.url),
);

/** What stands in several places, by name: it is written once. */
const PARTS = {
  estimate,
  "nullable-estimate": nullableEstimate,
  distribution,
  "nullable-distribution": nullableDistribution,
  "nullable-number": nullableNumber,
  "failure-counts": failureCounts,
  "failure-texts": failureTexts,
  load: loadSchema,
  target: targetSchema,
  client: clientSchema,
  "client-use": clientUseSchema,
  "gpu-use": gpuUseSchema,
  "gpu-load": gpuLoadSchema,
  "server-time": unwrapped(windowEntries["server"]!),
  visits: unwrapped(windowEntries["visits"]!),
  environment,
  finding,
  recommendation,
  gate,
  baseline,
};

/** A schema without its being optional. */
function unwrapped(schema: v.GenericSchema): v.GenericSchema {
  return (schema as v.GenericSchema & { readonly wrapped: v.GenericSchema }).wrapped;
}

/** The JSON Schema of the results file, draft 7: what editors and validators read. */
export function resultsSchema(): JsonSchema {
  const tests = Object.fromEntries(RESULT_KINDS.map((kind) => [`test-${kind}`, KINDS[kind].schema]));
  const { $schema, $defs = {}, ...schema } = toJsonSchema(reportSchema, {
    definitions: { ...PARTS, ...tests },
    typeMode: "input", // what is behind it sorts names
    ignoreActions: ["finite"], // as is every number of JSON
    // A name of a closed list is a name all the same: the library writes it and objects.
    overrideSchema: ({ valibotSchema, jsonSchema }) => isByName(valibotSchema) ? jsonSchema : undefined,
  });
  return {
    ...$schema === undefined ? {} : { $schema },
    $id: SCHEMA_ADDRESS,
    title: "Results of torchgauge",
    description: "What --format json writes. Times are ms, memory bytes, rates per second, shares 0 to 1.",
    ...schema,
    $defs: Object.fromEntries(Object.entries($defs).map(([name, part]) => [name, described(name, part)])),
  };
}

/** Whether a schema is of values by names of a closed list. */
function isByName(schema: { readonly type: string; readonly key?: { readonly type: string } }): boolean {
  return schema.type === "record" && schema.key?.type === "picklist";
}

/** A test with what it asks. */
function described(name: string, part: JsonSchema | boolean): JsonSchema | boolean {
  const kind = RESULT_KINDS.find((kind) => name === `test-${kind}`);
  if (kind === undefined || typeof part === "boolean") return part;
  const { title, question } = KINDS[kind];
  return { title, description: question, ...part };
}

/** The schema as it stands in its file: objects and lists that hold no others are on one line where they are short. */
export function resultsSchemaText(): string {
  const text = JSON.stringify(resultsSchema(), null, 2);
  return text.replace(/([{[])\n([^{}[\]]*)\n\s*[}\]]/g, (lines, open, inside) => {
    const line = inside.trim().replace(/\n\s*/g, " ");
    return line.length > 80 ? lines : open === "{" ? `{ ${line} }` : `[${line}]`;
  }) + "\n";
}

if (import.meta.main) await Deno.writeTextFile(RESULTS_SCHEMA, resultsSchemaText());
