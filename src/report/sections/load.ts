import type { LoadResult, OpenWindow } from "../../results/result.ts";
import { loadLimits } from "../../results/kinds/load_limits.ts";
import { askedRate } from "../../results/window/asked_rate.ts";
import { notMeasured } from "../../words/absences.ts";
import { say } from "../../words/inline.ts";
import { inlineEstimate, inlineNumber, inlineTime } from "../../words/inline_quantity.ts";
import { arrivalsInWords } from "../../words/load_in_words.ts";
import { UNITS } from "../../words/quantity.ts";
import { cutNotes, failureNotes } from "../../words/window/level_notes.ts";
import {
  answer,
  type Block,
  type Column,
  column,
  fact,
  facts,
  type FactValue,
  heading,
  type Row,
  row,
  subheading,
  table,
} from "./block.ts";
import { capacityFacts, trialTables } from "./load/capacity.ts";
import { failuresTable } from "./window/failures.ts";
import { goodputTable } from "./window/goodput.ts";
import { gpuTable } from "./window/gpu.ts";
import { MEAN_LATENCY, percentileCells, PERCENTILES } from "./window/latency_columns.ts";
import { streamingTable } from "./window/streaming.ts";
import { basisOf, estimateCells, notices, timeCell } from "./shared.ts";

const COLUMNS: readonly Column[] = [
  column("Offered", { before: "Offered ", after: ":", isAlignedInside: true }),
  column("Achieved"),
  column("95% interval"),
  { ...MEAN_LATENCY, isOptional: true },
  ...PERCENTILES.map((column) => ({ ...column, isOptional: column.heading !== "p95 latency" })),
];

const rate = (perSecond: number) => inlineNumber(perSecond, UNITS.requestsPerSecond);

function noteOf(window: OpenWindow, unclear: readonly OpenWindow[]): string {
  const { saturated, due, clientLimited } = window;
  return [
    ...cutNotes(window),
    ...(due === 0 ? ["no request was due"] : []),
    ...(saturated ? ["saturated"] : unclear.includes(window) ? ["may be saturated"] : []),
    ...failureNotes(window),
    ...(clientLimited ? ["client-limited"] : []),
  ].join(", ");
}

function rows(result: LoadResult): Row[] {
  const { levels } = result;
  const { sustained: best, unclear } = loadLimits(result);
  const highest = Math.max(...levels.map(({ requestsPerSecond }) => requestsPerSecond?.value ?? 0), 1e-9);
  return levels.map((level) =>
    row([
      rate(askedRate(level)),
      ...estimateCells(level.requestsPerSecond, UNITS.requestsPerSecond),
      timeCell(level.latencyMs?.mean),
      ...percentileCells(level.latencyMs),
    ], {
      isBest: level === best,
      barShare: (level.requestsPerSecond?.value ?? 0) / highest,
      ...basisOf(level),
      note: noteOf(level, unclear),
    })
  );
}

function sustained(result: LoadResult): FactValue {
  const { levels } = result;
  const { sustained, unclear, keptInTrial } = loadLimits(result);
  if (sustained === null) {
    if (levels.length === 0) return notMeasured(result, ["levels"]);
    if (keptInTrial !== null) return say`${rate(keptInTrial)}, in a trial`;
    return unclear.length === 0 ? "none of those offered" : "none of those offered for sure";
  }
  const { requestsPerSecond: achieved } = sustained;
  return achieved
    ? say`${rate(askedRate(sustained))}, achieved ${inlineEstimate(achieved, UNITS.requestsPerSecond)}`
    : rate(askedRate(sustained));
}

function saturated(result: LoadResult): FactValue {
  const { levels } = result;
  const { saturated, unclear } = loadLimits(result);
  if (levels.length === 0) return notMeasured(result, ["levels"]);
  const [lowest] = unclear;
  const doubt = lowest === undefined || (saturated !== null && askedRate(lowest) > askedRate(saturated))
    ? ""
    : say`; from ${rate(askedRate(lowest))} on it cannot be told, a longer duration tells`;
  if (saturated === null) return say`${lowest === undefined ? "no offered rate" : "no offered rate for sure"}${doubt}`;
  return say`${rate(askedRate(saturated))}${saturated.clientLimited ? " (the client was the limit)" : ""}${doubt}`;
}

/** Highest p95 of how late requests were sent: what the client itself adds to every latency. */
function lateness({ levels }: LoadResult): FactValue {
  const all = levels.flatMap(({ latenessMs }) => latenessMs ? [latenessMs.p95.value] : []);
  return all.length === 0
    ? { notMeasured: "no request at a rate was counted" }
    : say`p95 at most ${inlineTime(Math.max(...all))}`;
}

/** Latency by offered rate. */
export function loadSection(result: LoadResult): Block[] {
  const { arrivals, batchSize, capacity, levels, absences } = result;
  const why = absences["capacity"];
  const limits = [
    ...capacity === null && why !== undefined ? [fact("Capacity", { notMeasured: why })] : [],
    fact("Sustained Rate", sustained(result)),
    fact("Saturated From", saturated(result)),
    fact("Send Lateness", lateness(result)),
  ];
  return [
    heading(2, "Load test results", { emoji: "🌊" }),
    ...notices(result),
    // Under objectives it is the capacity that was asked for: what breaks them is no answer.
    ...(capacity === null ? [answer(limits)] : [answer(capacityFacts(capacity)), facts(limits)]),
    ...levels.length === 0 ? [] : [
      subheading(`Offered Rates (${arrivalsInWords(arrivals)}, batch size ${batchSize}; latency from the moment due)`),
      table(COLUMNS, rows(result)),
    ],
    ...failuresTable(COLUMNS.slice(0, 1), levels.map((level) => [[rate(askedRate(level))], level])),
    ...streamingTable(COLUMNS[0]!, levels.map((level) => [rate(askedRate(level)), level])),
    ...goodputTable(COLUMNS[0]!, levels.map((level) => [rate(askedRate(level)), level])),
    ...(capacity === null ? [] : trialTables(capacity)),
    ...gpuTable(result, COLUMNS.slice(0, 1), result.levels.map((level) => [[rate(askedRate(level))], level])),
  ];
}
