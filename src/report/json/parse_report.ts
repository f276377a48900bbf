import * as v from "valibot";
import { type Report, SCHEMA_VERSION } from "../../results/report.ts";
import { UsageError } from "../../core/errors.ts";
import { DEEPEST_JSON, isNestedDeeper } from "../../core/untrusted/nesting.ts";
import { withoutWords } from "./in_words.ts";
import { reportSchema } from "./schema/report.ts";
import { convertV1 } from "./v1/convert_v1.ts";
import { type Fields, isFields } from "./v1/fields.ts";

const HINT = "Pass a results file that torchgauge wrote: its JSON, not its text or CSV.";

/**
 * Reads a results file, also one of version 1.
 *
 * @param text What `formatJson` wrote, or what an A/B test of version 0.1 did.
 * @returns The report in the form of this version, with the fields that this version does not know kept.
 * @throws {UsageError} If the text is not JSON, has another schema version, or lacks a field.
 */
export function parseReport(text: string): Report {
  const checked = v.safeParse(reportSchema, inThisVersion(parseJson(text)));
  if (checked.success) return withoutWords(checked.output);
  const [issue] = checked.issues;
  throw new UsageError(
    `Cannot read the results as ${v.getDotPath(issue) ?? "the file"} must be ${expectation(issue)}: ` +
      `current value is ${issue.received}`,
    { hint: HINT },
  );
}

function parseJson(text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    // What is kept of fields that are not known must be such that it can be written again.
    if (isNestedDeeper(document)) throw new SyntaxError(`it is nested deeper than ${DEEPEST_JSON} levels`);
    return document;
  } catch (cause) {
    throw new UsageError(
      `Cannot read the results as they must be JSON: ${cause instanceof Error ? cause.message : cause}`,
      { cause, hint: HINT },
    );
  }
}

/** The document as this version has it. */
function inThisVersion(document: unknown): unknown {
  const version = isFields(document) ? document["schemaVersion"] : undefined;
  if (version === SCHEMA_VERSION) return document;
  if (version === 1) return convertV1(document as Fields);
  throw new UsageError(
    `Cannot read the results as schemaVersion must be ${SCHEMA_VERSION}: current value is ${JSON.stringify(version)}`,
    { hint: typeof version === "number" ? "Use the version of torchgauge that wrote the file." : HINT },
  );
}

/** What was expected in words: of a missing field Valibot names only the key. */
function expectation(issue: v.BaseIssue<unknown>): string {
  return issue.received === "undefined" ? "there" : issue.expected ?? "finite";
}
