import type { BaselineCheck } from "../../results/comparison.ts";
import type { Gate } from "../../results/gate.ts";
import type { Report } from "../../results/report.ts";
import { answerOf, headline } from "../../words/headline.ts";
import { joined } from "../../words/inline.ts";
import { isSingleTest, toldFindings } from "../sections/analysis.ts";
import { cut } from "../sections/banner.ts";
import { answer, type Block, type Fact, fact, heading } from "../sections/block.ts";
import { sectionsOf } from "../sections/section_of.ts";

/**
 * The answer once more, for those who see no more than the end: what each section of a single test answers, of several tests
 * what to do, and how checks came out.
 *
 * @param report What was measured.
 * @returns No blocks where there is no answer.
 */
export function closingSection(report: Report): Block[] {
  const { tests, gate, baseline } = report;
  const answers = isSingleTest(report)
    ? sectionsOf(tests).flatMap(({ blocks }) =>
      blocks.flatMap((block) => block.kind === "facts" && block.isAnswer ? block.facts : [])
    )
    : [];
  const facts = [
    ...answers,
    ...whatToDo(report),
    ...(gate === undefined ? [] : [gateFact(gate)]),
    ...(baseline === undefined ? [] : [baselineFact(baseline)]),
  ];
  const partial = cut(report);
  if (facts.length + partial.length === 0) return [];
  return [heading(2, "The answer", { emoji: "🏁" }), ...partial, answer(facts)];
}

/** What to do; of a single test only where there is something. */
function whatToDo(report: Report): Fact[] {
  const of = { recommendations: report.recommendations, findings: toldFindings(report) };
  return isSingleTest(report) && answerOf(of).actions.length === 0 ? [] : [fact("What to do", headline(of))];
}

function gateFact({ passed, outcomes, lenient }: Gate): Fact {
  const told = outcomes.filter(({ verdict }) => verdict === "missed" || (verdict !== "met" && !lenient));
  const why = told.map(({ objective, verdict }) => `${objective.text} ${verdict}`);
  return fact("Gate", joined([passed ? "passed" : "failed", ...why], ", "), passed ? "good" : "critical");
}

function baselineFact({ passed, regressions, lost }: BaselineCheck): Fact {
  const why = [...regressions, ...lost];
  return fact("Baseline", [passed ? "passed" : "failed", ...why].join(", "), passed ? "good" : "critical");
}
