import type { Gate, GateOutcome, GatePlace } from "../../results/gate.ts";
import { type Block, heading, type Item } from "./block.ts";
import { estimateInUnit } from "../../words/estimate_in_unit.ts";

/** Each objective with its verdict and what it rests on. */
export function gateSection(gate: Gate): Block[] {
  return [
    heading("🚦", `GATE: ${gate.passed ? "PASSED" : "FAILED"}`),
    { kind: "list", indent: 0, items: gate.outcomes.map((outcome) => itemOf(outcome, gate.lenient)) },
  ];
}

function itemOf(outcome: GateOutcome, lenient: boolean): Item {
  const { objective: { text }, verdict } = outcome;
  const tone = verdict === "met" ? "good" : verdict === "missed" ? "critical" : "warning";
  const counts = verdict === "cannot tell" ? lenient ? ", passes as the gate is lenient" : ", counts as missed" : "";
  return { text: `${text}: ${verdict}${counts}: ${evidence(outcome)}`, tone };
}

function evidence({ objective, measured, place, absence, observationsNeeded }: GateOutcome): string {
  if (measured === null) return `not measured: ${absence ?? "no request succeeded"}`;
  const where = place === null ? "" : ` (${placeInWords(place)})`;
  const more = observationsNeeded === null ? "" : `; about ${observationsNeeded} samples would tell`;
  return `${estimateInUnit(measured, objective.unit)} from ${samples(measured.n)}${where}${more}`;
}

function samples(n: number): string {
  return n === 1 ? "one reading" : `${n} samples`;
}

function placeInWords({ test, batchSize, concurrency, offeredPerSecond }: GatePlace): string {
  return [
    test === "operating-points" ? "recommended operating point" : `${test} test`,
    ...(offeredPerSecond === undefined ? [] : [`${Number(offeredPerSecond.toPrecision(3))} req/s offered`]),
    ...(concurrency === null ? [] : [`concurrency ${concurrency}`]),
    ...(batchSize === null ? [] : [`batch size ${batchSize}`]),
  ].join(", ");
}
