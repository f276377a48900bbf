import * as v from "valibot";
import type { Report } from "../../results/report.ts";
import { withFiniteNumbers } from "./finite.ts";
import { inWords } from "./in_words.ts";
import { reportSchema } from "./schema/report.ts";

/**
 * A report as the results file: JSON with two spaces of indent and the fields in one fixed order, so that two files
 * can be compared line by line. It names its JSON Schema, and findings and recommendations carry their words. A number that
 * is not finite is left out, and the result that it stands in says so: the others are worth more than that.
 *
 * @param report What was measured.
 * @returns JSON text that ends with a newline. `parseReport` reads it.
 * @throws {TypeError} If the report is not complete.
 */
export function formatJson(report: Report): string {
  const checked = v.safeParse(reportSchema, withFiniteNumbers(report, reportSchema));
  if (!checked.success) {
    const [issue] = checked.issues;
    throw new TypeError(
      `Cannot write the results as ${v.getDotPath(issue) ?? "the report"} must be ${issue.expected ?? "finite"}: ` +
        `current value is ${issue.received}`,
    );
  }
  return JSON.stringify(inWords(checked.output), null, 2).replace(CONTROLS, escaped) + "\n";
}

/** Control characters that JSON does not escape by itself, though terminals obey some of them. */
const CONTROLS = /[\x7f-\x9f]/g;

function escaped(control: string): string {
  return `\\u00${control.charCodeAt(0).toString(16)}`;
}
