import { escapeXml } from "../../plot/kit/escape_xml.ts";
import type { Report } from "../../results/report.ts";
import { withoutControls } from "../../words/without_controls.ts";
import { type JunitCase, junitCases, type JunitOutcome } from "./junit_cases.ts";

/**
 * The checks of a run as JUnit's XML, which CI systems show: a case for the run, one for each objective of the gate, one for
 * each figure that is held against the baseline and one for the objectives of a search for capacity. What cannot be told
 * is a failure where the gate counts it as one, else skipped.
 *
 * @param report What was measured.
 * @returns XML that ends with a line end.
 */
export function formatJunit(report: Report): string {
  const { tool, target, startedAt, durationMs } = report;
  const cases = junitCases(report);
  const count = (outcome: JunitOutcome) => cases.filter((of) => of.outcome === outcome).length;
  const totals = attributes({
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: seconds(durationMs),
  });
  const properties = Object.entries({
    version: tool.version,
    target: target.url,
    model: target.model,
    protocol: target.protocol,
    command: report.command,
  }).map(([name, value]) => `      <property${attributes({ name, value })}/>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: tool.name })}${totals}>`,
    `  <testsuite${attributes({ name: `${tool.name} ${target.model}`, timestamp: startedAt.slice(0, 19) })}${totals}>`,
    "    <properties>",
    ...properties,
    "    </properties>",
    ...cases.map((of) => caseXml(of, tool.name)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function caseXml({ group, name, outcome, words, durationMs }: JunitCase, tool: string): string {
  const head = `    <testcase${attributes({ classname: `${tool}.${group}`, name, time: seconds(durationMs) })}>`;
  const inside = outcome === "passed"
    ? `<system-out>${xml(words)}</system-out>`
    : outcome === "skipped"
    ? `<skipped${attributes({ message: words })}/>`
    : `<${outcome}${attributes({ message: words, type: group })}>${xml(`${name}: ${words}`)}</${outcome}>`;
  return `${head}\n      ${inside}\n    </testcase>`;
}

const seconds = (durationMs: number) => (durationMs / 1000).toFixed(3);

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values).map(([name, value]) => ` ${name}="${xml(String(value))}"`).join("");
}

/** XML has no controls, however they are written. */
const xml = (text: string) => escapeXml(withoutControls(text).replaceAll("\n", " "));
