import type { MemoryResult } from "../../results/kinds/memory.ts";
import { say } from "../inline.ts";
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
  const footprint = gpu?.modelFootprintBytes ?? modelFootprintBytes;
  const peakBytes = gpu ? peak.gpuBytes ?? peak.cpuBytes : peak.cpuBytes;
  const what = gpu && peak.gpuBytes !== null ? "GPU memory" : "memory";
  const most = footprint !== null && footprint > 0
    ? say`The model takes ${inlineBytes(footprint)} of ${what}, the server ${inlineBytes(peakBytes)} at its peak`
    : say`The server takes ${inlineBytes(peakBytes)} of ${what} at its peak`;
  const judged = gpu?.growth ?? growth;
  const grows = judged === null || judged === undefined
    ? []
    : judged.verdict === "stable"
    ? say`; under load it is stable`
    : judged.verdict === "growing"
    ? say`; under load it grows by ${inlineEstimate(judged.bytesPerRequest, UNITS.bytesPerRequest)}`
    : say`; whether it grows under load cannot be told`;
  return {
    found: say`${most}${grows}.`,
    next: judged?.verdict === "stable"
      ? say`Plan for that peak.`
      : say`A longer soak tells${grows.length === 0 ? " whether it grows" : ""}.`,
  };
}
