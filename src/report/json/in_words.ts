import type { Report } from "../../results/report.ts";
import { VERSION } from "../../core/version.ts";
import { findingInWords } from "../../words/finding_in_words.ts";
import { plainText } from "../../words/inline.ts";
import { recommendationInWords } from "../../words/recommendation_in_words.ts";
import { sentenceOf, type Statement } from "../../words/statement.ts";

/** Where the JSON Schema of the results file is published, with each version of the package. */
export const SCHEMA_ADDRESS: string =
  `https://jsr.io/@torchgauge/torchgauge/${VERSION}/src/report/json/results.schema.json`;

/**
 * A report with what the file says besides: the address of its schema, and each finding and recommendation in words, for
 * programs that show them.
 *
 * @param report What was measured.
 */
export function inWords(report: Report): object {
  return {
    $schema: SCHEMA_ADDRESS,
    ...report,
    findings: report.findings.map((found) => withText(found, findingInWords(found))),
    recommendations: report.recommendations.map((advice) => withText(advice, recommendationInWords(advice))),
  };
}

/**
 * A report without them: they follow from the rest, and are written anew.
 *
 * @param report What was read.
 */
export function withoutWords(report: Report): Report {
  const { $schema: _, ...rest } = report as Report & { readonly $schema?: string };
  return {
    ...rest,
    findings: report.findings.map(withoutText),
    recommendations: report.recommendations.map(withoutText),
  };
}

function withText({ code, ...rest }: { readonly code: string }, statement: Statement): object {
  return { code, text: plainText(sentenceOf(statement)), ...rest };
}

function withoutText<T extends object>(coded: T): T {
  const { text: _, ...rest } = coded as T & { readonly text?: string };
  return rest as T;
}
