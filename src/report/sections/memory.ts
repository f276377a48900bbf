import { holdsGpuMemory } from "../../results/kinds/gpu_memory.ts";
import type { MemoryCycles, MemoryGrowth } from "../../results/kinds/memory_growth.ts";
import type {
  MemoryPhase,
  MemoryPhaseName,
  MemoryPoint,
  MemoryResult,
  PhaseWindow,
} from "../../results/kinds/memory.ts";
import { notMeasured } from "../../words/absences.ts";
import { type Inline, joined, say } from "../../words/inline.ts";
import { inlineBytes, inlineEstimate, inlineNumber, inlineTime } from "../../words/inline_quantity.ts";
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
  type Tone,
} from "./block.ts";
import { failedNote, figureValue, notices, successFacts, totalOf } from "./shared.ts";
import { failuresTable } from "./window/failures.ts";
import { goodputTable } from "./window/goodput.ts";
import { gpuTable } from "./window/gpu.ts";
import { latencyTable } from "./window/latency_table.ts";

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
  const gpu = gpuSource === null || result.gpu === null
    ? notMeasured(result, ["gpu", "gpuBytes", "scope.gpuSource"])
    : GPU_SOURCES[gpuSource];
  return [fact("Scope", SOURCES[source] + processes), ...processFacts(result), fact("GPU", gpu)];
}

/** Whose memory it is, and what they did in the soak. */
function processFacts({ scope, work }: MemoryResult): Fact[] {
  const { processes = [] } = scope ?? {};
  if (processes.length === 0) return [];
  const each = processes.map(({ pid, name, command }) => say`${name}, pid ${pid} (${command})`);
  const used = work === undefined
    ? []
    : say`; ${inlineTime(work.cpuMs)} of CPU time in the soak of ${inlineTime(work.durationMs)}`;
  return [fact(processes.length === 1 ? "Process" : "Processes", say`${joined(each, "; ")}${used}`)];
}

/** Host memory alone, or the GPU's first where there is one. */
const point = ({ cpuBytes, gpuBytes }: MemoryPoint): Inline =>
  gpuBytes === null ? [inlineBytes(cpuBytes)] : say`GPU ${inlineBytes(gpuBytes)}, host ${inlineBytes(cpuBytes)}`;

/** What the loads of the test were answered, with the reasons of failures. */
function success({ loads = [] }: MemoryResult): Fact[] {
  return loads.length === 0 ? [] : successFacts(totalOf(loads));
}

function cacheGrowth(result: MemoryResult): Fact[] {
  const { phases, loads = [] } = result;
  const at = (name: MemoryPhaseName) => phases.find((phase) => phase.name === name);
  const before = at("single"), after = at("batches");
  if (!before || !after) return [];
  const label = "Cache Growth over batches";
  const offered = loads.filter(({ phase }) => phase === "batches");
  const larger = offered.filter(({ load }) => load.batchSize > 1);
  // Single items have filled the caches that they fill in the phase before.
  const { requests, succeeded } = totalOf(larger.length > 0 ? larger : offered);
  if (requests > 0 && succeeded === 0) {
    const which = larger.length > 0 ? "of more than one item" : "of that phase";
    return [fact(label, { notMeasured: `all ${requests} requests ${which} failed` })];
  }
  const change = (bytes: number) => say`${bytes >= 0 ? "+" : ""}${inlineBytes(bytes)}`;
  const host = change(after.cpuBytes - before.cpuBytes);
  const grown = !holdsGpuMemory(result) || before.gpuBytes === null || after.gpuBytes === null
    ? host
    : say`GPU ${change(after.gpuBytes - before.gpuBytes)}, host ${host}`;
  return [fact(label, grown)];
}

function workers({ workers = [] }: MemoryResult): Fact[] {
  if (workers.length === 0) return [];
  const each = workers.map(({ id, residentBytes }) =>
    say`${id} ${residentBytes === null ? "not measured yet" : inlineBytes(residentBytes)}`
  );
  return [fact("Workers", joined(each, ", "))];
}

function growthOf(growth: MemoryGrowth | null, result: MemoryResult, id: string, known = ""): FactValue {
  if (growth === null) return figureValue(result, id, growthInWords);
  const { verdict, bytesPerRequest, requests, requestsNeeded = null, filledBytes, because } = growth;
  if (because !== undefined) return say`${verdict}: ${because} (by its successes ${growthInWords(bytesPerRequest)})`;
  const more = requestsNeeded === null ? "" : `; about ${formatNumber(requestsNeeded, UNITS.none)} would tell`;
  const filled = filledBytes === undefined ? [] : say` after ${inlineBytes(filledBytes)} that filled`;
  return say`${verdict}${filled}, ${growthInWords(bytesPerRequest)} (soak of ${requests} requests${known}${more})`;
}

function growths(result: MemoryResult): Fact[] {
  const { gpu, growth } = result;
  const tone = (of: MemoryGrowth | null): Tone => of?.verdict === "growing" ? "warning" : "plain";
  if (!gpu) return [fact("Growth", growthOf(growth, result, "growth"), tone(growth))];
  const { growth: ofGpu, allocatedGrowth } = gpu;
  return [
    fact(
      "Growth of GPU Memory",
      growthOf(ofGpu, result, "growth_gpu", ", known to one step of the allocator"),
      tone(ofGpu),
    ),
    fact(
      "Growth of Allocated GPU Memory",
      growthOf(allocatedGrowth, result, "growth_allocated"),
      tone(allocatedGrowth),
    ),
    fact("Growth of Host Memory", growthOf(growth, result, "growth"), tone(growth)),
  ];
}

function cycles(result: MemoryResult): Fact[] {
  const label = "Left by Load and Unload";
  if (!result.cycles) {
    const absence = result.absences["cycles"];
    return absence === undefined ? [] : [fact(label, { notMeasured: absence })];
  }
  const { gpu, cycles } = result;
  const each: readonly (readonly [string, MemoryCycles | null | undefined])[] = [
    ["GPU ", gpu?.cycles],
    ["allocated ", gpu?.allocatedCycles],
    [gpu ? "host " : "", cycles],
  ];
  const told = each.flatMap(([of, left]) =>
    left ? [say`${of}${left.verdict}, ${inlineEstimate(left.bytesPerCycle, UNITS.mebibytes)} a cycle`] : []
  );
  return [fact(label, say`${joined(told, "; ")} (${cycles.afterUnloadBytes.length} cycles)`)];
}

function fragmentation(result: MemoryResult): Inline {
  const { verdict, evidence } = result.fragmentation;
  const detail = verdict === "not observable"
    ? say`${result.absences["fragmentation"] ?? "the server reports no allocator counters"}`
    : countersInWords(evidence);
  return detail.length === 0 ? say`${verdict}` : say`${verdict} (${detail})`;
}

/** A figure of the GPU and of the host, as one fact. */
function both(
  result: MemoryResult,
  [ofGpu, ofHost]: readonly [string, string],
  inWords: (value: number) => Inline,
): FactValue {
  const host = figureValue(result, ofHost, ({ value }) => inWords(value));
  if (!result.gpu) return host;
  const gpu = figureValue(result, ofGpu, ({ value }) => inWords(value));
  if (typeof gpu === "object" && "notMeasured" in gpu) return host;
  if (typeof host === "object" && "notMeasured" in host) return say`GPU ${gpu}`;
  return say`GPU ${gpu}, host ${host}`;
}

function context({ gpu, timeline, absences }: MemoryResult): Fact[] {
  if (!gpu) return [];
  const { contextBytes } = gpu;
  const isExact = timeline.some(({ gpuReservedBytes }) => gpuReservedBytes !== undefined);
  const most = isExact ? "" : ", with what its allocator keeps without a model";
  return [
    fact(
      "CUDA Context",
      contextBytes === null
        ? notMeasured({ absences }, ["gpu.contextBytes"])
        : say`${inlineBytes(contextBytes)} of the GPU memory${most}`,
    ),
  ];
}

function footprintInWords(bytes: number): Inline {
  return bytes > 0 ? [inlineBytes(bytes)] : say`within the noise of nothing (${inlineBytes(bytes)})`;
}

/** That the peak is none of those of the phases: the server is watched between them too. */
function betweenPhases({ peak, phases }: MemoryResult): string {
  const isOfPhase = phases.some(({ peakCpuBytes }) => peakCpuBytes >= (peak?.cpuBytes ?? 0));
  return phases.length === 0 || isOfPhase ? "" : ", between the phases below";
}

function figures(result: MemoryResult): Fact[] {
  if (result.scope === null) return [];
  const at = (name: "baseline" | "peak") =>
    figureValue(
      result,
      name,
      ({ value: cpuBytes }) =>
        say`${point({ cpuBytes, gpuBytes: holdsGpuMemory(result) ? result[name]?.gpuBytes ?? null : null })}${
          name === "peak" ? betweenPhases(result) : ""
        }`,
    );
  return [
    fact("Baseline (model absent)", at("baseline")),
    ...context(result),
    fact("Peak", at("peak")),
    fact("Model Footprint", both(result, ["model_footprint_gpu", "model_footprint"], footprintInWords)),
    ...success(result),
    ...workers(result),
    ...cacheGrowth(result),
    ...growths(result),
    ...cycles(result),
    fact(
      "Efficiency",
      both(
        result,
        ["requests_per_mb_gpu", "requests_per_mb"],
        (rate) => say`${inlineNumber(rate, UNITS.requestsPerSecond)} per MiB of footprint`,
      ),
    ),
  ];
}

const PHASE = column("Phase", { alignment: "left" });
const PEAK = column("Peak of host memory", { before: "peak ", isOptional: true });
const HOST_COLUMNS: readonly Column[] = [PHASE, column("Host memory"), PEAK];
const GPU_COLUMNS: readonly Column[] = [PHASE, column("GPU memory"), column("Host memory", { before: "host " }), PEAK];

/** The load that a phase offered: its batches were several. */
function loadOf({ phase, load }: PhaseWindow): string {
  return phase === "batches" ? `batches of ${load.batchSize}` : phase;
}

/** What of a phase's requests failed; a phase that failed whole says so. */
function failuresOf(name: MemoryPhaseName, loads: readonly PhaseWindow[]): string {
  const offered = loads.filter(({ phase, requests }) => phase === name && requests > 0);
  const { requests, succeeded } = totalOf(offered);
  if (requests === 0) return "";
  if (succeeded === 0) return `all ${requests} failed`;
  return offered.filter(({ failed }) => failed > 0).map((window) => {
    return (name === "batches" ? `${loadOf(window)}: ` : "") + failedNote(window);
  }).join("; ");
}

function phaseTable(result: MemoryResult): Block[] {
  const { phases, loads = [] } = result;
  if (phases.length === 0) return [];
  const onGpu = holdsGpuMemory(result);
  const bytesOf = ({ cpuBytes, gpuBytes }: MemoryPhase) => onGpu ? gpuBytes ?? 0 : cpuBytes;
  const highest = Math.max(...phases.map(bytesOf), 1e-9);
  const rows = phases.map((phase): Row => {
    const { name, cpuBytes, gpuBytes, peakCpuBytes, n } = phase;
    const gpu = onGpu ? [gpuBytes === null ? "" : inlineBytes(gpuBytes)] : [];
    return row([name, ...gpu, inlineBytes(cpuBytes), inlineBytes(peakCpuBytes)], {
      barShare: bytesOf(phase) / highest,
      n,
      note: failuresOf(name, loads),
    });
  });
  return [
    subheading(`Phases (bar: ${onGpu ? "GPU" : "host"} memory)`),
    table(onGpu ? GPU_COLUMNS : HOST_COLUMNS, rows),
  ];
}

/** Memory of the server through the life of a model. */
export function memorySection(result: MemoryResult): Block[] {
  const incomplete = result.absences["phases"];
  const loads = (result.loads ?? []).map((window) => [[loadOf(window)], window] as const);
  return [
    heading(2, "Memory test results", { emoji: "💾" }),
    ...notices(result),
    facts([
      ...scope(result),
      ...figures(result),
      ...(incomplete === undefined ? [] : [fact("Incomplete", incomplete)]),
      fact("GPU Memory Fragmentation", fragmentation(result)),
    ]),
    ...phaseTable(result),
    ...latencyTable([PHASE], loads),
    ...failuresTable([PHASE], loads),
    ...goodputTable(PHASE, (result.loads ?? []).map((window) => [loadOf(window), window])),
    ...gpuTable(result, [PHASE], loads),
  ];
}
