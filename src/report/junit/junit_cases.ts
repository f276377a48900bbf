import type { BaselineCheck, ComparedFigure } from "../../results/comparison.ts";
import type { Gate } from "../../results/gate.ts";
import { isUnanswered, sidesOf } from "../../results/kinds.ts";
import { capacityOutcome, isAtLeast } from "../../results/kinds/capacity_outcome.ts";
import type { LoadResult } from "../../results/kinds/load.ts";
import type { Report } from "../../results/report.ts";
import { cutInWords } from "../../words/cut_in_words.ts";
import { plainText, say, type Words } from "../../words/inline.ts";
import { inlineEstimateIn, inlineNumber } from "../../words/inline_quantity.ts";
import { UNITS } from "../../words/quantity.ts";
import { requestUnanswered } from "../../words/words.ts";
import { outcomeInWords } from "../sections/gate.ts";
import { capacityInWords } from "../sections/load/capacity.ts";

/** How a case ended, in the words of JUnit: an error is what kept it from being told. */
export type JunitOutcome = "passed" | "failure" | "error" | "skipped";

/** One check of a run. */
export interface JunitCase {
  /** What kind of check. */
  readonly group: "run" | "gate" | "baseline" | "capacity";
  /** What is checked. */
  readonly name: string;
  /** How it ended. */
  readonly outcome: JunitOutcome;
  /** What that rests on. */
  readonly words: string;
  /** How long it took, ms; 0 for a check of what was measured. */
  readonly durationMs: number;
}

/**
 * The checks of a run: that it measured what it was asked for, then each objective of the gate, each compared figure of the
 * baseline, and the objectives of a search for capacity.
 *
 * @param report What was measured.
 */
export function junitCases(report: Report): readonly JunitCase[] {
  const { gate, baseline, tests: { load } } = report;
  return [
    runCase(report),
    ...(gate === undefined ? [] : gateCases(gate)),
    ...(baseline === undefined ? [] : baselineCases(baseline)),
    ...(load === undefined ? [] : capacityCases(load)),
  ];
}

function runCase({ partial, tests, target, durationMs }: Report): JunitCase {
  const why = partial !== null
    ? cutInWords(partial)
    : isUnanswered(tests)
    ? `no ${requestUnanswered(tests)} succeeded`
    : null;
  const sides = sidesOf(tests);
  const servers = sides.length === 0 ? [target] : sides.map((side) => side.target);
  return {
    group: "run",
    name: servers.map(({ model, embedded, url }) => `${model} at ${embedded ? "the embedded server" : url}`).join(
      " against ",
    ),
    outcome: why === null ? "passed" : "error",
    words: why ?? "all that was asked for was measured",
    durationMs,
  };
}

function checked(group: JunitCase["group"], name: string, outcome: JunitOutcome, words: Words): JunitCase {
  return { group, name, outcome, words: plainText(say`${words}`), durationMs: 0 };
}

function gateCases({ outcomes, lenient }: Gate): JunitCase[] {
  return outcomes.map((outcome) => {
    const { verdict, objective } = outcome;
    const isKept = verdict === "met" || (verdict === "cannot tell" && lenient);
    return checked("gate", objective.text, isKept ? "passed" : "failure", outcomeInWords(outcome, lenient));
  });
}

function baselineCases(baseline: BaselineCheck): JunitCase[] {
  const { comparison: { figures }, passed, regressions, lost } = baseline;
  const cases = figures.map((figure) => {
    const name = `${figure.test}: ${figure.name}`;
    const isWorse = regressions.includes(name) || lost.includes(name);
    const outcome = isWorse ? "failure" : figure.verdict === "cannot tell" ? "skipped" : "passed";
    return checked("baseline", name, outcome, say`${verdictInWords(figure, baseline)}: ${bothInWords(figure)}`);
  });
  const isTold = cases.some(({ outcome }) => outcome === "failure");
  return passed || isTold
    ? cases
    : [...cases, checked("baseline", "comparison", "failure", "nothing could be compared")];
}

function verdictInWords(
  { verdict, test, name, reason }: ComparedFigure,
  { regressions, lost, maxRegression }: BaselineCheck,
) {
  const id = `${test}: ${name}`;
  if (lost.includes(id)) return "not measured, and the baseline has it";
  const limit = inlineNumber(100 * maxRegression, UNITS.percent);
  if (regressions.includes(id)) return say`worse beyond its interval and the limit of ${limit}`;
  if (verdict === "worse") return say`worse, within the limit of ${limit}`;
  return reason === null ? verdict : `${verdict}, ${reason}`;
}

function bothInWords({ a, b, unit }: ComparedFigure): Words {
  const one = (estimate: ComparedFigure["a"]) => estimate === null ? "not measured" : inlineEstimateIn(estimate, unit);
  return say`baseline ${one(a)}, this run ${one(b)}`;
}

function capacityCases({ capacity }: LoadResult): JunitCase[] {
  if (capacity === null) return [];
  const { objectives, rate } = capacity;
  const shown = (perSecond: number) => inlineNumber(perSecond, UNITS.requestsPerSecond);
  if (rate.highest !== null) {
    return [
      checked(
        "capacity",
        objectives,
        "passed",
        say`met up to ${isAtLeast(rate) ? "at least " : ""}${shown(rate.highest)}`,
      ),
    ];
  }
  const outcome = capacityOutcome(rate) === "none" ? "failure" : "skipped";
  return [checked("capacity", objectives, outcome, capacityInWords(rate, shown))];
}
