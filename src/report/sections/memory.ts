import type { MemoryPhase, MemoryPhaseName, MemoryPoint, MemoryResult } from "../../results/result.ts";
import { notMeasured } from "../../words/absences.ts";
import { type Inline, joined, say } from "../../words/inline.ts";
import { inlineBytes, inlineEstimate, inlineNumber } from "../../words/inline_quantity.ts";
import { formatNumber, UNITS } from "../../words/quantity.ts";
import { countersInWords, growthInWords } from "../../words/words.ts";
import {
  type Block,
  type Column,
  column,
  type Fact,
  fact,
  facts,
  type FactValue,
  heading,
  type Row,
  row,
  subheading,
  table,
} from "./block.ts";
import { cutNotice, figureValue } from "./shared.ts";

const SOURCES = {
  "process-tree-pss": "the server's process tree, shared pages in proportion (PSS)",
  "process-tree-rss": "the server's process tree, shared pages in full (RSS)",
  "server-metrics": "what the server reports of itself",
} as const;

const GPU_SOURCES = {
  "per-process": "the server's processes",
  "per-device": "the whole device, other programs included",
  "server-metrics": "what the server reports of itself",
} as const;

function scope(result: MemoryResult): Fact[] {
  if (result.scope === null) return [fact("Scope", notMeasured(result, ["scope"]))];
  const { source, pids, gpuSource } = result.scope;
  const processes = pids.length === 0 ? "" : `, ${pids.length === 1 ? "pid" : "pids"} ${pids.join(", ")}`;
  const gpu = gpuSource === null ? notMeasured(result, ["gpu", "gpuBytes", "scope.gpuSource"]) : GPU_SOURCES[gpuSource];
  return [fact("Scope", SOURCES[source] + processes), fact("GPU", gpu)];
}

const point = ({ cpuBytes, gpuBytes }: MemoryPoint): Inline =>
  gpuBytes === null ? [inlineBytes(cpuBytes)] : say`${inlineBytes(cpuBytes)}, GPU ${inlineBytes(gpuBytes)}`;

function cacheGrowth(phases: readonly MemoryPhase[]): Fact[] {
  const at = (name: MemoryPhaseName) => phases.find((phase) => phase.name === name);
  const before = at("single"), after = at("batches");
  if (!before || !after) return [];
  const sign = after.cpuBytes >= before.cpuBytes ? "+" : "";
  return [fact("Cache Growth over batches", say`${sign}${inlineBytes(after.cpuBytes - before.cpuBytes)}`)];
}

function workers({ workers = [] }: MemoryResult): Fact[] {
  if (workers.length === 0) return [];
  const each = workers.map(({ id, residentBytes }) =>
    say`${id} ${residentBytes === null ? "not measured yet" : inlineBytes(residentBytes)}`
  );
  return [fact("Workers", joined(each, ", "))];
}

function growth(result: MemoryResult): FactValue {
  if (result.growth === null) return figureValue(result, "growth", growthInWords);
  const { verdict, bytesPerRequest, requests, requestsNeeded = null } = result.growth;
  const more = requestsNeeded === null ? "" : `; about ${formatNumber(requestsNeeded, UNITS.none)} would tell`;
  return say`${verdict}, ${growthInWords(bytesPerRequest)} (soak of ${requests} requests${more})`;
}

function cycles(result: MemoryResult): Fact[] {
  const label = "Left by Load and Unload";
  if (!result.cycles) {
    const absence = result.absences["cycles"];
    return absence === undefined ? [] : [fact(label, { notMeasured: absence })];
  }
  const { verdict, bytesPerCycle, afterUnloadBytes } = result.cycles;
  const perCycle = inlineEstimate(bytesPerCycle, UNITS.megabytes);
  return [fact(label, say`${verdict}, ${perCycle} a cycle (${afterUnloadBytes.length} cycles)`)];
}

function fragmentation(result: MemoryResult): Inline {
  const { verdict, evidence } = result.fragmentation;
  const detail = verdict === "not observable"
    ? say`${result.absences["fragmentation"] ?? "the server reports no allocator counters"}`
    : countersInWords(evidence);
  return detail.length === 0 ? say`${verdict}` : say`${verdict} (${detail})`;
}

function figures(result: MemoryResult): Fact[] {
  if (result.scope === null) return [];
  const at = (name: "baseline" | "peak") =>
    figureValue(
      result,
      name,
      ({ value: cpuBytes }) => point({ cpuBytes, gpuBytes: result[name]?.gpuBytes ?? null }),
    );
  const efficiency = figureValue(
    result,
    "requests_per_mb",
    ({ value }) => say`${inlineNumber(value, UNITS.requestsPerSecond)} per MB of footprint`,
  );
  return [
    fact("Baseline (model absent)", at("baseline")),
    fact("Peak", at("peak")),
    fact("Model Footprint", figureValue(result, "model_footprint", ({ value }) => inlineBytes(value))),
    ...workers(result),
    ...cacheGrowth(result.phases),
    fact("Growth", growth(result)),
    ...cycles(result),
    fact("Efficiency", efficiency),
  ];
}

const COLUMNS: readonly Column[] = [
  column("Phase", { alignment: "left" }),
  column("Host memory"),
  column("GPU memory", { before: "GPU " }),
  column("Peak of host memory", { before: "peak ", isOptional: true }),
];

function rows(phases: readonly MemoryPhase[]): Row[] {
  const highest = Math.max(...phases.map(({ cpuBytes }) => cpuBytes));
  return phases.map(({ name, cpuBytes, gpuBytes, peakCpuBytes, n }) =>
    row(
      [name, inlineBytes(cpuBytes), gpuBytes === null ? "" : inlineBytes(gpuBytes), inlineBytes(peakCpuBytes)],
      { barShare: cpuBytes / highest, n },
    )
  );
}

/** Memory of the server through the life of a model. */
export function memorySection(result: MemoryResult): Block[] {
  const { phases } = result;
  const incomplete = result.absences["phases"];
  return [
    heading(2, "Memory test results", { emoji: "💾" }),
    ...cutNotice(result),
    facts([
      ...scope(result),
      ...figures(result),
      ...(incomplete === undefined ? [] : [fact("Incomplete", incomplete)]),
      fact("GPU Memory Fragmentation", fragmentation(result)),
    ]),
    ...(phases.length === 0 ? [] : [subheading("Phases (bar: host memory)"), table(COLUMNS, rows(phases))]),
  ];
}
