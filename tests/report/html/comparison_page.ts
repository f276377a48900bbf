import { compare } from "../../../src/compare/compare.ts";
import { formatComparisonHtml } from "../../../src/report/html/format_comparison_html.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { measurement } from "../../results/window/windows.ts";
import { reports } from "../fixtures.ts";
import { reportOf } from "../report_of.ts";

const { whole } = reports;

/** A page of three runs, of which the second is slower in one test and faster in another. */
export function comparisonPage(): string {
  const { tests } = whole!;
  const at = (day: number) => ({ startedAt: `2026-03-0${day}T09:30:00.000Z` });
  const after = {
    ...tests,
    basic: basicResult({ ...measurement(38, 1, 1) }),
    throughput: throughputResult({ 1: 45, 2: 80, 4: 150, 8: 190 }),
  };
  const third = { ...tests, throughput: throughputResult({ 1: 40, 2: 60, 4: 100, 8: 120, 16: 110, 32: 100 }) };
  const [first, ...others] = [
    { label: "runs/before.json", report: whole! },
    { label: "runs/after.json", report: reportOf(after, at(5)) },
    { label: "runs/third.json", report: reportOf(third, at(6)) },
  ];
  const comparisons = others.map(({ label, report }) => ({
    a: first!.label,
    b: label,
    comparison: compare(first!.report, report, { comparisons: others.length }),
  }));
  return formatComparisonHtml([first!, ...others], comparisons);
}
