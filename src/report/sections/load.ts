import type { CapacitySearch, LoadResult, OfferedLevel } from "../../results/result.ts";
import { type Block, type Column, column, heading, list, paragraph, type Row, subheading } from "./block.ts";
import { formatEstimate, formatNumber, formatShare, formatTime, UNITS } from "../../words/quantity.ts";
import { cutNotice, estimateCells, notMeasured } from "./shared.ts";

const COLUMNS: readonly Column[] = [
  column("Offered", { before: "Offered ", after: ":" }),
  column("Achieved"),
  column("95% interval"),
  column("Mean latency", { after: " latency" }),
  column("p95 latency", { before: "p95 " }),
  column("p99 latency", { before: "p99 ", isOptional: true }),
];

function noteOf({ saturated, due, unanswered, failed, clientLimited }: OfferedLevel): string {
  return [
    ...(saturated ? ["saturated"] : []),
    ...(unanswered > 0 ? [`${formatShare(unanswered, due)} unanswered`] : []),
    ...(failed > 0 ? [`${formatShare(failed, due)} failed`] : []),
    ...(clientLimited ? ["client-limited"] : []),
  ].join(", ");
}

function rows({ levels, sustainedPerSecond }: LoadResult): Row[] {
  const highest = Math.max(...levels.map(({ achievedPerSecond }) => achievedPerSecond?.value ?? 0), 1e-9);
  return levels.map((level) => ({
    isBest: level.offeredPerSecond === sustainedPerSecond,
    cells: [
      formatNumber(level.offeredPerSecond, UNITS.requestsPerSecond),
      ...estimateCells(level.achievedPerSecond, UNITS.requestsPerSecond),
      level.latencyMs === null ? "" : formatTime(level.latencyMs.mean.value),
      level.latencyMs === null ? "" : formatTime(level.latencyMs.p95.value),
      level.latencyMs === null ? "" : formatTime(level.latencyMs.p99.value),
    ],
    barShare: (level.achievedPerSecond?.value ?? 0) / highest,
    n: level.succeeded > 0 ? level.succeeded : null,
    converged: level.succeeded > 0 ? level.converged : null,
    note: noteOf(level),
  }));
}

/** Highest p95 of how late requests were sent: what the client itself adds to every latency. */
function lateness({ levels }: LoadResult): string {
  const all = levels.flatMap(({ latenessMs }) => latenessMs === null ? [] : [latenessMs.p95.value]);
  return all.length === 0 ? "not measured: nothing was sent" : `p95 at most ${formatTime(Math.max(...all))}`;
}

function capacityInWords({ highest, lowestMissed, ended, probes }: CapacitySearch, unit: string): string {
  const trials = `${probes.length} trials`;
  if (ended === "never met") return `none: even ${lowestMissed}${unit} missed the objectives (${trials})`;
  if (ended === "always met") return `at least ${highest}${unit}, the most that was tried (${trials})`;
  const bound = lowestMissed === null ? "" : `, missed at ${lowestMissed}${unit}`;
  const early = ended === "stopped early" ? ", the search was cut short" : "";
  return highest === null ? `not found${bound}${early}` : `${highest}${unit}${bound} (${trials}${early})`;
}

function capacityBlocks({ capacity }: LoadResult): Block[] {
  if (capacity === null) return [];
  const { objectives, rate, concurrency, goodputPerSecond } = capacity;
  return [
    subheading(`Capacity under ${objectives}:`),
    list([
      `Arrival rate: ${capacityInWords(rate, " req/s")}`,
      `Concurrency: ${capacityInWords(concurrency, "")}`,
      ...(goodputPerSecond === null
        ? []
        : [`Goodput at that rate: ${formatNumber(goodputPerSecond, UNITS.requestsPerSecond)}`]),
    ]),
  ];
}

/** Latency by offered rate. */
export function loadSection(result: LoadResult): Block[] {
  const { sustainedPerSecond, saturatedPerSecond, arrivals, batchSize, levels } = result;
  const rate = (perSecond: number) => formatNumber(perSecond, UNITS.requestsPerSecond);
  const sustained = levels.find(({ offeredPerSecond }) => offeredPerSecond === sustainedPerSecond);
  const achieved = sustained?.achievedPerSecond ?? null;
  return [
    heading("🌊", "LOAD TEST RESULTS"),
    ...cutNotice(result),
    paragraph(
      `Sustained Rate: ${
        sustainedPerSecond === null
          ? levels.length === 0 ? notMeasured(result, ["levels"]) : "none of those offered"
          : rate(sustainedPerSecond)
      }${achieved === null ? "" : `, achieved ${formatEstimate(achieved, UNITS.requestsPerSecond)}`}`,
    ),
    paragraph(`Saturated From: ${saturatedPerSecond === null ? "no offered rate" : rate(saturatedPerSecond)}`),
    paragraph(`Send Lateness: ${lateness(result)}`),
    ...capacityBlocks(result),
    subheading(`Offered Rates (${arrivals} arrivals, batch size ${batchSize}; latency from the moment due):`),
    { kind: "table", columns: COLUMNS, rows: rows(result) },
  ];
}
