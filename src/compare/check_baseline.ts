import type { BaselineCheck, ComparedFigure } from "../results/comparison.ts";
import type { Report } from "../results/report.ts";
import { compare } from "./compare.ts";

/**
 * Whether a run is worse than a baseline. A figure regressed where it is shown to be worse, its whole interval beyond 0,
 * *and* by more than the limit. Both are needed: the interval alone would call a shown 0.5 % a regression, the limit
 * alone every noisy run. Rates of errors and memory growth have no limit but the interval: a share of 0 cannot be
 * worse by some percent, and a leak is never small.
 *
 * @param baseline The run to hold against.
 * @param report This run; only the tests that it holds are checked.
 * @param maxRegression Largest part by which a figure may be worse: 0.05 for 5 %.
 * @returns What regressed, what the baseline has and this run could not measure, and the whole comparison.
 */
export function checkBaseline(baseline: Report, report: Report, maxRegression: number): BaselineCheck {
  const comparison = compare(baseline, report);
  const regressions = comparison.figures.filter((figure) => isRegression(figure, maxRegression)).map(nameOf);
  const lost = comparison.figures.filter(({ a, b }) => a !== null && b === null).map(nameOf);
  const empty = comparison.figures.every(({ difference }) => difference === null);
  const passed = regressions.length === 0 && lost.length === 0 && !(empty && !comparison.identical);
  return { passed, maxRegression, regressions, lost, comparison };
}

function isRegression({ verdict, a, difference, better, unit }: ComparedFigure, maxRegression: number): boolean {
  if (verdict !== "worse" || a === null || difference === null) return false;
  if (unit === "share" || unit === "bytes/request") return true;
  const worseBy = (better === "less" ? difference.value : -difference.value) / Math.abs(a.value);
  return worseBy > maxRegression;
}

function nameOf({ test, name }: ComparedFigure): string {
  return `${test}: ${name}`;
}
