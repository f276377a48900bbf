import type { CapacityProbe, CapacitySearch, LoadResult, OpenWindow } from "../../results/result.ts";
import { askedRate } from "../../results/window/asked_rate.ts";
import { rateLimits } from "../../results/window/rate_limits.ts";
import { notMeasured } from "../../words/absences.ts";
import { type Inline, say, type Words } from "../../words/inline.ts";
import { inlineEstimate, inlineEstimateIn, inlineNumber, inlineTime } from "../../words/inline_quantity.ts";
import { arrivalsInWords } from "../../words/load_in_words.ts";
import { formatShare, UNITS } from "../../words/quantity.ts";
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
import { failuresTable } from "./window/failures.ts";
import { gpuTable } from "./window/gpu.ts";
import { MEAN_LATENCY, percentileCells, PERCENTILES } from "./window/latency_columns.ts";
import { basisOf, cutNotes, estimateCells, notices, timeCell } from "./shared.ts";

const COLUMNS: readonly Column[] = [
  column("Offered", { before: "Offered ", after: ":", isAlignedInside: true }),
  column("Achieved"),
  column("95% interval"),
  { ...MEAN_LATENCY, isOptional: true },
  ...PERCENTILES.map((column) => ({ ...column, isOptional: column.heading !== "p95 latency" })),
];

const rate = (perSecond: number) => inlineNumber(perSecond, UNITS.requestsPerSecond);

function noteOf(window: OpenWindow): string {
  const { saturated, due, unanswered, failed, clientLimited } = window;
  return [
    ...cutNotes(window),
    ...(saturated ? ["saturated"] : []),
    ...(unanswered > 0 ? [`${formatShare(unanswered, due)} unanswered`] : []),
    ...(failed > 0 ? [`${formatShare(failed, due)} failed`] : []),
    ...(clientLimited ? ["client-limited"] : []),
  ].join(", ");
}

function rows({ levels }: LoadResult): Row[] {
  const best = rateLimits(levels).sustained;
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
      note: noteOf(level),
    })
  );
}

function sustained(result: LoadResult): FactValue {
  const { levels } = result;
  const { sustained } = rateLimits(levels);
  if (sustained === null) return levels.length === 0 ? notMeasured(result, ["levels"]) : "none of those offered";
  const { requestsPerSecond: achieved } = sustained;
  return achieved
    ? say`${rate(askedRate(sustained))}, achieved ${inlineEstimate(achieved, UNITS.requestsPerSecond)}`
    : rate(askedRate(sustained));
}

function saturated({ levels }: LoadResult): FactValue {
  const { saturated } = rateLimits(levels);
  if (saturated === null) return "no offered rate";
  return say`${rate(askedRate(saturated))}${saturated.clientLimited ? " (the client was the limit)" : ""}`;
}

/** Highest p95 of how late requests were sent: what the client itself adds to every latency. */
function lateness({ levels }: LoadResult): FactValue {
  const all = levels.flatMap(({ latenessMs }) => latenessMs ? [latenessMs.p95.value] : []);
  return all.length === 0
    ? { notMeasured: "no request at a rate was counted" }
    : say`p95 at most ${inlineTime(Math.max(...all))}`;
}

/** Why a trial was missed, as far as it was found to be. */
function whyMissed(probe: CapacityProbe | undefined): Inline {
  if (probe?.saturated) return say`the server did not keep up`;
  const found = probe?.outcomes.toSorted((a, b) => SEVERITY[b.verdict] - SEVERITY[a.verdict])[0];
  return found === undefined || found.measured === null
    ? []
    : say`${found.objective.text}: ${inlineEstimateIn(found.measured, found.objective.unit)}`;
}

const SEVERITY = { "met": 0, "cannot tell": 1, "missed": 2 } as const;

function capacityInWords(
  { highest, lowestMissed, ended, probes }: CapacitySearch,
  shown: (level: number) => Words,
): Inline {
  const beyond = probes.find(({ level }) => level === lowestMissed);
  const isUnclear = beyond?.verdict === "unclear";
  const why = whyMissed(beyond);
  const trials = say`${why}${why.length === 0 ? "" : "; "}${probes.length} ${probes.length === 1 ? "trial" : "trials"}`;
  const missed = lowestMissed === null ? "" : shown(lowestMissed);
  if (ended === "never met") {
    return isUnclear
      ? say`not found: even at ${missed} it cannot be told whether the objectives hold; a longer duration tells (${trials})`
      : say`none: even ${missed} missed the objectives (${trials})`;
  }
  if (ended === "always met") return say`at least ${shown(highest ?? 0)}, the most that was tried (${trials})`;
  const bound = lowestMissed === null ? "" : say`, ${isUnclear ? "not to be told" : "missed"} at ${missed}`;
  const early = ended === "stopped early" ? ", the search was cut short" : "";
  return highest === null ? say`not found${bound}${early}` : say`${shown(highest)}${bound} (${trials}${early})`;
}

function capacityBlocks({ capacity }: LoadResult): Block[] {
  if (capacity === null) return [];
  const { objectives, rate: arrivals, concurrency, goodputPerSecond } = capacity;
  return [
    subheading(`Capacity under ${objectives}`),
    facts([
      fact("Arrival rate", capacityInWords(arrivals, rate)),
      fact("Concurrency", capacityInWords(concurrency, String)),
      ...(goodputPerSecond === null ? [] : [fact("Goodput at that rate", rate(goodputPerSecond))]),
    ]),
  ];
}

/** Latency by offered rate. */
export function loadSection(result: LoadResult): Block[] {
  const { arrivals, batchSize } = result;
  return [
    heading(2, "Load test results", { emoji: "🌊" }),
    ...notices(result),
    answer([
      fact("Sustained Rate", sustained(result)),
      fact("Saturated From", saturated(result)),
      fact("Send Lateness", lateness(result)),
    ]),
    ...capacityBlocks(result),
    subheading(`Offered Rates (${arrivalsInWords(arrivals)}, batch size ${batchSize}; latency from the moment due)`),
    table(COLUMNS, rows(result)),
    ...failuresTable(COLUMNS.slice(0, 1), result.levels.map((level) => [[rate(askedRate(level))], level])),
    ...gpuTable(COLUMNS.slice(0, 1), result.levels.map((level) => [[rate(askedRate(level))], level])),
  ];
}
