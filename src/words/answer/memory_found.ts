import { holdsGpuMemory, judgedGpuGrowth } from "../../results/kinds/gpu_memory.ts";
import type { MemoryResult } from "../../results/kinds/memory.ts";
import type { MemoryGrowth } from "../../results/kinds/memory_growth.ts";
import { type Inline, joined, say } from "../inline.ts";
import { inlineBytes, inlineEstimate } from "../inline_quantity.ts";
import { UNITS } from "../quantity.ts";
import type { Found } from "./found.ts";

/** What the memory test found, and what follows. */
export function ofMemory(result: MemoryResult): Found {
  const { scope, peak, modelFootprintBytes, gpu, growth, absences } = result;
  if (scope === null || peak === null) {
    const why = absences["scope"] ?? absences["peak"];
    return { found: why === undefined ? null : say`The server's memory was not measured: ${why}.`, next: null };
  }
  const onGpu = gpu && holdsGpuMemory(result) ? { gpu, peakBytes: peak.gpuBytes! } : null;
  const what = onGpu === null ? "memory" : "GPU memory";
  const footprint = onGpu === null ? modelFootprintBytes : onGpu.gpu.modelFootprintBytes;
  const peakBytes = onGpu?.peakBytes ?? peak.cpuBytes;
  const most = footprint !== null && footprint > 0
    ? say`The model takes ${inlineBytes(footprint)} of ${what}, the server ${inlineBytes(peakBytes)} at its peak`
    : say`The server takes ${inlineBytes(peakBytes)} of ${what} at its peak`;
  const judged = onGpu === null ? growth : judgedGpuGrowth(onGpu.gpu)?.growth ?? null;
  const onHost = onGpu !== null && growth?.verdict === "growing" ? growth : null;
  const because = judged === null ? absences[onGpu === null ? "growth" : "gpu.growth"] : judged.because;
  const grows = joined([growthInWords(judged, because), onHost === null ? [] : hostInWords(onHost)]);
  return {
    found: say`${most}${grows}.`,
    next: judged?.verdict === "stable" && onHost === null
      ? say`Plan for that peak.`
      // A longer soak mends nothing of what is told for another reason.
      : judged?.because !== undefined && onHost === null
      ? null
      : say`A longer soak tells${judged === null && onHost === null ? " whether it grows" : ""}.`,
  };
}

function growthInWords(growth: MemoryGrowth | null, because: string | undefined): Inline {
  if (growth === null && because === undefined) return [];
  if (growth?.verdict === "stable") return say`; under load it is stable`;
  return growth?.verdict === "growing"
    ? say`; under load it grows by ${inlineEstimate(growth.bytesPerRequest, UNITS.bytesPerRequest)}`
    : say`; whether it grows under load cannot be told${because === undefined ? "" : `: ${because}`}`;
}

function hostInWords({ bytesPerRequest }: MemoryGrowth): Inline {
  return say`; its memory on the host grows by ${inlineEstimate(bytesPerRequest, UNITS.bytesPerRequest)} under load`;
}
