import * as v from "valibot";
import { type Report, SCHEMA_VERSION } from "../../results/report.ts";
import { UsageError } from "../../core/errors.ts";
import { reportSchema } from "./schema/report.ts";

const HINT = "Pass a file that torchgauge wrote with --format json.";

/**
 * Reads a results file.
 *
 * @param text What `formatJson` wrote.
 * @returns The report, with the fields that this version does not know kept.
 * @throws {UsageError} If the text is not JSON, has another schema version, or lacks a field.
 */
export function parseReport(text: string): Report {
  const document = parseJson(text);
  const checked = v.safeParse(reportSchema, document);
  if (checked.success) return checked.output;
  const version = versionOf(document);
  if (version !== SCHEMA_VERSION) {
    throw new UsageError(
      `Cannot read the results as schemaVersion must be ${SCHEMA_VERSION}: current value is ${JSON.stringify(version)}`,
      { hint: typeof version === "number" ? "Use the version of torchgauge that wrote the file." : HINT },
    );
  }
  const [issue] = checked.issues;
  throw new UsageError(
    `Cannot read the results as ${v.getDotPath(issue) ?? "the file"} must be ${expectation(issue)}: ` +
      `current value is ${issue.received}`,
    { hint: HINT },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(
      `Cannot read the results as they must be JSON: ${cause instanceof Error ? cause.message : cause}`,
      { cause, hint: HINT },
    );
  }
}

function versionOf(document: unknown): unknown {
  return typeof document === "object" && document !== null && "schemaVersion" in document
    ? document.schemaVersion
    : undefined;
}

/** What was expected in words: of a missing field Valibot names only the key. */
function expectation(issue: v.BaseIssue<unknown>): string {
  return issue.received === "undefined" ? "there" : issue.expected ?? "finite";
}
