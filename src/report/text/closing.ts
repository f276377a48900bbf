import type { BaselineCheck } from "../../results/comparison.ts";
import type { Gate } from "../../results/gate.ts";
import type { Report } from "../../results/report.ts";
import { answerBlocks } from "../sections/analysis.ts";
import { cut } from "../sections/banner.ts";
import { answer, type Block, type Fact, fact, heading } from "../sections/block.ts";

/**
 * The answer once more, for those who see no more than the end: what the report comes to, and how checks came out.
 *
 * @param report What was measured.
 */
export function closingSection(report: Report): Block[] {
  const { gate, baseline } = report;
  const checks = [
    ...(gate === undefined ? [] : [gateFact(gate)]),
    ...(baseline === undefined ? [] : [baselineFact(baseline)]),
  ];
  return [
    heading(2, "The answer", { emoji: "🏁" }),
    ...cut(report),
    ...answerBlocks(report),
    ...(checks.length === 0 ? [] : [answer(checks)]),
  ];
}

function gateFact({ passed, outcomes, lenient }: Gate): Fact {
  const told = outcomes.filter(({ verdict }) => verdict === "missed" || (verdict !== "met" && !lenient));
  const why = told.map(({ objective, verdict }) => `${objective.text} ${verdict}`);
  return fact("Gate", [passed ? "passed" : "failed", ...why].join(", "), passed ? "good" : "critical");
}

function baselineFact({ passed, regressions, lost }: BaselineCheck): Fact {
  const why = [...regressions, ...lost];
  return fact("Baseline", [passed ? "passed" : "failed", ...why].join(", "), passed ? "good" : "critical");
}
