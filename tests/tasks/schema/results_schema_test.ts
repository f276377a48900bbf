import { assert, assertEquals } from "@std/assert";
import { Ajv } from "ajv";
import { formatJson } from "../../../src/report/json/format_json.ts";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import type { TestResults } from "../../../src/results/kinds.ts";
import { RESULTS_SCHEMA, resultsSchemaText } from "../../../tasks/schema/results_schema.ts";
import { reports } from "../../report/fixtures.ts";
import { gpuReports } from "../../report/gpu_fixtures.ts";
import { abReport, capacityReport, gatedReport, loadReport } from "../../report/html/html_fixtures.ts";
import { reportOf } from "../../report/report_of.ts";
import { EVERY_RESULT } from "../../results/every_result.ts";

const file = JSON.parse(await Deno.readTextFile(RESULTS_SCHEMA));
const validate = new Ajv({ allErrors: true, strictTypes: false }).compile(file);
const errorsOf = (document: unknown) =>
  validate(document) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
const written = (report: Parameters<typeof formatJson>[0]) => JSON.parse(formatJson(report));

Deno.test("results.schema.json is what the schema of the results file says; deno task dev:schema writes it", async () => {
  assertEquals(await Deno.readTextFile(RESULTS_SCHEMA), resultsSchemaText());
});

Deno.test("every results file that is written names the schema and is valid by it", () => {
  const more = { loadReport, capacityReport, gatedReport, abReport };
  for (const [name, report] of Object.entries({ ...reports, ...gpuReports, ...more })) {
    const document = written(report);
    assertEquals(document.$schema, file.$id);
    assertEquals(errorsOf(document), [], name);
  }
});

Deno.test("every result, also one in which much is missing, is valid by the schema", () => {
  for (const [kind, results] of Object.entries(EVERY_RESULT)) {
    for (const result of results) {
      assertEquals(errorsOf(written(reportOf({ [kind]: result } as TestResults))), [], kind);
    }
  }
});

Deno.test("results of version 0.1 are valid by the schema once they are written again", async () => {
  for (const name of ["basic_rate", "load", "comprehensive", "basic_with_checks", "ab"]) {
    const path = new URL(`../../report/json/v1/${name}.json`, import.meta.url);
    assertEquals(errorsOf(written(parseReport(await Deno.readTextFile(path)))), [], name);
  }
});

Deno.test("the schema refuses what the program refuses", () => {
  const whole = written(reports["whole"]!);
  for (
    const broken of [
      { ...whole, schemaVersion: 3 },
      { ...whole, seed: "one" },
      { ...whole, tests: { basic: { ...whole.tests.basic, errorRate: { value: 0 } } } },
      { ...whole, tests: { basic: { ...whole.tests.basic, failuresByReason: { witchcraft: 1 } } } },
      { ...whole, findings: [{ code: "witchcraft" }] },
      { ...whole, target: undefined },
    ]
  ) assert(errorsOf(JSON.parse(JSON.stringify(broken))).length > 0);
});
