import type { MemoryPhase, MemoryPhaseName, MemoryPoint, MemoryResult } from "../../results/result.ts";
import { type Block, type Column, column, heading, list, type Row, subheading } from "./block.ts";
import { formatBytes, formatEstimate, formatNumber, UNITS } from "../../words/quantity.ts";
import { countersInWords, growthInWords } from "../../words/words.ts";
import { cutNotice, notMeasured } from "./shared.ts";

const megabytes = (bytes: number) => formatBytes(bytes);

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

function scope(result: MemoryResult): string[] {
  if (result.scope === null) return [`Scope: ${notMeasured(result, ["scope"])}`];
  const { source, pids, gpuSource } = result.scope;
  return [
    `Scope: ${SOURCES[source]}${pids.length === 0 ? "" : `, ${pids.length === 1 ? "pid" : "pids"} ${pids.join(", ")}`}`,
    `GPU: ${gpuSource === null ? notMeasured(result, ["gpu", "gpuBytes", "scope.gpuSource"]) : GPU_SOURCES[gpuSource]}`,
  ];
}

const point = ({ cpuBytes, gpuBytes }: MemoryPoint) =>
  megabytes(cpuBytes) + (gpuBytes === null ? "" : `, GPU ${megabytes(gpuBytes)}`);

function cacheGrowth(phases: readonly MemoryPhase[]): string[] {
  const at = (name: MemoryPhaseName) => phases.find((phase) => phase.name === name);
  const before = at("single"), after = at("batches");
  if (!before || !after) return [];
  const sign = after.cpuBytes >= before.cpuBytes ? "+" : "";
  return [`Cache Growth over batches: ${sign}${megabytes(after.cpuBytes - before.cpuBytes)}`];
}

function workers({ workers = [] }: MemoryResult): string[] {
  if (workers.length === 0) return [];
  const each = workers.map(({ id, residentBytes }) =>
    `${id} ${residentBytes === null ? "not measured yet" : megabytes(residentBytes)}`
  );
  return [`Workers: ${each.join(", ")}`];
}

function growth({ growth, ...result }: MemoryResult): string {
  if (growth === null) return notMeasured(result, ["growth", "scope"]);
  const { requestsNeeded = null } = growth;
  const more = requestsNeeded === null ? "" : `; about ${formatNumber(requestsNeeded, UNITS.none)} would tell`;
  return `${growth.verdict}, ${growthInWords(growth.bytesPerRequest)} (soak of ${growth.requests} requests${more})`;
}

function cycles({ cycles, absences }: MemoryResult): string[] {
  if (!cycles) {
    return absences.cycles === undefined ? [] : [`Left by Load and Unload: not measured: ${absences.cycles}`];
  }
  const { verdict, bytesPerCycle, afterUnloadBytes } = cycles;
  const perCycle = formatEstimate(bytesPerCycle, UNITS.megabytes);
  return [`Left by Load and Unload: ${verdict}, ${perCycle} a cycle (${afterUnloadBytes.length} cycles)`];
}

function fragmentation({ fragmentation: { verdict, evidence }, absences }: MemoryResult): string {
  const detail = verdict === "not observable"
    ? absences.fragmentation ?? "the server reports no allocator counters"
    : countersInWords(evidence);
  return detail === "" ? verdict : `${verdict} (${detail})`;
}

const COLUMNS: readonly Column[] = [
  column("Phase", { alignment: "left" }),
  column("Host memory"),
  column("GPU memory", { before: "GPU " }),
  column("Peak of host memory", { before: "peak ", isOptional: true }),
];

function rows(phases: readonly MemoryPhase[]): Row[] {
  const highest = Math.max(...phases.map(({ cpuBytes }) => cpuBytes));
  return phases.map(({ name, cpuBytes, gpuBytes, peakCpuBytes, n }) => ({
    isBest: false,
    cells: [name, megabytes(cpuBytes), gpuBytes === null ? "" : megabytes(gpuBytes), megabytes(peakCpuBytes)],
    barShare: cpuBytes / highest,
    n,
    converged: null,
    note: "",
  }));
}

/** Memory of the server through the life of a model. */
export function memorySection(result: MemoryResult): Block[] {
  const { baseline, peak, modelFootprintBytes, phases, requestsPerMb } = result;
  const footprint = modelFootprintBytes === null
    ? notMeasured(result, ["modelFootprintBytes", "baseline", "scope"])
    : megabytes(modelFootprintBytes);
  const efficiency = requestsPerMb === null
    ? notMeasured(result, ["requestsPerMb", "modelFootprintBytes", "baseline", "scope"])
    : `${formatNumber(requestsPerMb, UNITS.requestsPerSecond)} per MB of footprint`;
  const figures = result.scope === null ? [] : [
    `Baseline (model absent): ${baseline === null ? notMeasured(result, ["baseline"]) : point(baseline)}`,
    `Peak: ${peak === null ? notMeasured(result, ["peak"]) : point(peak)}`,
    `Model Footprint: ${footprint}`,
    ...workers(result),
    ...cacheGrowth(phases),
    `Growth: ${growth(result)}`,
    ...cycles(result),
    `Efficiency: ${efficiency}`,
  ];
  const incomplete = result.absences.phases === undefined ? [] : [`Incomplete: ${result.absences.phases}`];
  return [
    heading("💾", "MEMORY TEST RESULTS"),
    ...cutNotice(result),
    list([...scope(result), ...figures, ...incomplete, `GPU Memory Fragmentation: ${fragmentation(result)}`]),
    ...(phases.length === 0
      ? []
      : [subheading("Phases (bar: host memory):"), { kind: "table", columns: COLUMNS, rows: rows(phases) } as const]),
  ];
}
