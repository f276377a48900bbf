import type { Environment, Report } from "../../results/report.ts";
import { TEST_KINDS } from "../../results/result.ts";
import { type Block, heading, list, paragraph } from "./block.ts";
import { formatDecimals, formatTime, UNITS } from "../../words/quantity.ts";
import { enumerate } from "../../words/words.ts";

const gigabytes = (bytes: number) => formatDecimals(bytes, UNITS.gigabytes, 1);

function machine({ os, cpu, cores, memoryBytes, gpus, gpuAbsence, deno }: Environment): string {
  const graphics = gpus.map(({ name, memoryBytes: bytes, driver }) =>
    name + (bytes === null ? "" : `, ${gigabytes(bytes)}`) +
    (driver === null ? "" : `, driver ${driver}`)
  );
  return [
    os,
    cpu ?? "unknown CPU",
    `${cores} ${cores === 1 ? "core" : "cores"}`,
    ...(memoryBytes === null ? [] : [gigabytes(memoryBytes)]),
    graphics.length === 0
      ? `no GPU${gpuAbsence === undefined ? "" : ` (${gpuAbsence})`}`
      : `GPU ${graphics.join(" and ")}`,
    `Deno ${deno}`,
  ].join(", ");
}

function cut({ partial, tests }: Report): Block[] {
  if (partial === null) return [];
  const measured = TEST_KINDS.filter((kind) => tests[kind] !== undefined);
  const whole = measured.filter((kind) => tests[kind]?.partial === null);
  const during = measured.filter((kind) => tests[kind]?.partial !== null);
  const cause = partial === "interrupted" ? "interrupted" : "the server stopped answering";
  const where = during.length > 0 ? ` during the ${enumerate(during)} test` : "";
  const complete = whole.length > 0 ? `Complete: ${enumerate(whole)}.` : "No test is complete.";
  return [paragraph(`PARTIAL RESULTS: ${cause}${where}. ${complete}`, "critical")];
}

/** What stopping at the wanted precision saved against windows of fixed length, if that is worth a word. */
function saved({ tests }: Report): string {
  const stopping = TEST_KINDS.flatMap((kind) => tests[kind]?.stopping ?? []);
  const fixedMs = stopping.reduce((sum, of) => sum + of.fixedMs, 0);
  const savedMs = fixedMs - stopping.reduce((sum, of) => sum + of.windowsMs, 0);
  if (savedMs < 0.05 * fixedMs || savedMs < 1000) return "";
  return ` (${formatTime(savedMs)} of ${formatTime(fixedMs)} saved by stopping when precise)`;
}

/** What was measured, where, and how to read it. */
export function banner(report: Report): Block[] {
  const { target, tool, environment } = report;
  const server = target.embedded ? "the embedded server" : target.url;
  const device = target.device === null ? "" : ` on ${target.device}`;
  return [
    heading("🔬", `${tool.name} ${tool.version}`),
    ...cut(report),
    list([
      `Target: ${target.model}${device} at ${server} (${target.protocol})`,
      ...(target.embedded ? ["Predictions mean nothing (random weights); timing is real"] : []),
      `${target.embedded ? "Machine" : "Client"}: ${machine(environment)}`,
      `Run: ${report.startedAt}, ${formatTime(report.durationMs)}${saved(report)}, seed ${report.seed}`,
      `Command: ${report.command}`,
    ]),
    {
      kind: "legend",
      text:
        "[low, high] is the 95% interval and n what it rests on; ✓: throughput known within 5% and p95 within 10%, ✗: less well; " +
        "⭐: the smallest level within 10% of the best that cannot be told from it.",
    },
  ];
}
