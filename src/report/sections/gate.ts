import type { Gate, GateOutcome, GatePlace } from "../../results/gate.ts";
import { type Inline, joined, say } from "../../words/inline.ts";
import { inlineEstimateIn, inlineNumber } from "../../words/inline_quantity.ts";
import { UNITS } from "../../words/quantity.ts";
import { type Block, type Fact, fact, facts, heading } from "./block.ts";

/** Each objective with its verdict and what it rests on. */
export function gateSection(gate: Gate): Block[] {
  return [
    heading(2, "Gate", {
      emoji: "🚦",
      value: gate.passed ? "passed" : "failed",
      tone: gate.passed ? "good" : "critical",
    }),
    facts(gate.outcomes.map((outcome) => factOf(outcome, gate.lenient))),
  ];
}

const TONES = { "met": "good", "missed": "critical", "cannot tell": "warning" } as const;

function factOf(outcome: GateOutcome, lenient: boolean): Fact {
  const { objective: { text }, verdict } = outcome;
  return { ...fact(text, outcomeInWords(outcome, lenient), TONES[verdict]), isVerbatim: true };
}

/** Whether an objective was kept, and what that rests on. */
export function outcomeInWords(outcome: GateOutcome, lenient: boolean): Inline {
  const { verdict } = outcome;
  const counts = verdict === "cannot tell" ? lenient ? ", passes as the gate is lenient" : ", counts as missed" : "";
  return say`${verdict}${counts}: ${evidence(outcome)}`;
}

function evidence({ objective, measured, place, absence, observationsNeeded }: GateOutcome): Inline {
  if (measured === null) return say`not measured${absence === null ? "" : `: ${absence}`}`;
  const where = place === null ? "" : say` (${placeInWords(place)})`;
  const more = absence !== null
    ? `; ${absence}`
    : observationsNeeded === null
    ? ""
    : `; about ${observationsNeeded} samples would tell`;
  return say`${inlineEstimateIn(measured, objective.unit)} from ${samples(measured.n)}${where}${more}`;
}

function samples(n: number): string {
  return n === 1 ? "one reading" : `${n} samples`;
}

function placeInWords({ test, batchSize, concurrency, offeredPerSecond }: GatePlace): Inline {
  return joined([
    test === "operating-points" ? "recommended operating point" : `${test} test`,
    ...(offeredPerSecond === undefined
      ? []
      : [say`${inlineNumber(offeredPerSecond, UNITS.requestsPerSecond)} offered`]),
    ...(concurrency === null ? [] : [`concurrency ${concurrency}`]),
    ...(batchSize === null ? [] : [`batch size ${batchSize}`]),
  ], ", ");
}
