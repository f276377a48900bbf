import type { Window } from "../../../results/result.ts";
import { clientPart } from "../../../results/window/client_part.ts";
import { inlineTime } from "../../../words/inline_quantity.ts";
import { joined, say, type Words } from "../../../words/inline.ts";
import { shareInWords } from "../../../words/words.ts";
import { type Block, type Column, column, type Fact, fact, row, subheading, table } from "../block.ts";
import { timeCell } from "../shared.ts";

/** From this share of latency on, at any level, being moved and judged is worth a table, 0 to 1. */
const WORTH_TELLING = 0.1;

const PARTS: readonly Column[] = [
  column("Handing over", { after: " handing over" }),
  column("Waiting", { after: " waiting" }),
  column("Reading", { after: " reading" }),
  column("Judging", { after: " judging" }),
];

const READING = 2;

/** Means per request, one cell for each column of {@linkcode PARTS}; empty where it is not known. */
function partsOf({ sendingMs, waitingMs, readingMs, judgingMs }: Window): Words[] {
  return [sendingMs, waitingMs, readingMs, judgingMs].map((part) => timeCell(part?.mean.value));
}

/** What the client took of the requests' time, as a share of latency, 0 to 1. */
function clientShare({ latencyMs, sendingMs, readingMs, judgingMs, firstTokenMs }: Window): number {
  // A streamed answer is read while it is made.
  if (firstTokenMs !== undefined) return 0;
  const partsMs = [sendingMs, readingMs, judgingMs].reduce((sum, part) => sum + (part?.mean.value ?? 0), 0);
  return latencyMs && latencyMs.mean.value > 0 ? partsMs / latencyMs.mean.value : 0;
}

/**
 * The facts of a test without levels that tell the client's part of a request's time, and of the machine.
 *
 * @param window What was measured.
 * @returns Empty for results of versions that did not tell it.
 */
export function clientFacts(window: Window): Fact[] {
  const { judgingMs, sendingMs, clientUse } = window;
  const after = (i: number) => window.firstTokenMs && i === READING ? " while it was written" : PARTS[i]!.after;
  const parts = partsOf(window).flatMap((part, i) => part === "" ? [] : [say`${part}${after(i)}`]);
  const untold = sendingMs ? "" : " (this transport does not tell when a request was handed over)";
  return [
    ...(judgingMs ? [fact("As the client sees it", say`${joined(parts, ", ")}${untold}`)] : []),
    ...(clientUse === undefined || clientUse.cpuShare === null
      ? []
      : [fact("Client's CPU", say`${cpuInWords(clientUse.cpuShare, clientUse.sharedCores)}`)]),
  ];
}

/**
 * How much of each latency, of the time between two requests and of those of streamed answers may be the client's own.
 *
 * @param windows What was measured, at one level or several.
 * @returns Empty where that is no matter, or not known.
 */
export function clientPartFacts(windows: readonly Window[]): Fact[] {
  const parts = windows.flatMap((window) => clientPart(window) ?? []);
  if (parts.length === 0) return [];
  const latencyMs = Math.max(...parts.map((part) => part.latencyMs));
  const betweenMs = Math.max(...parts.map((part) => part.betweenMs));
  const isStreamed = windows.some(({ firstTokenMs }) => firstTokenMs !== undefined);
  const where = (windows.length === 1 ? "of each" : "of the latency of each request") +
    (isStreamed ? ", of its first token and of its longest gap" : "");
  const tokenMs = Math.max(...parts.map((part) => part.tokenMs));
  const between = betweenMs > 0 ? say`, and ${inlineTime(betweenMs)} from one to the next` : "";
  const ofTokens = tokenMs > 0 ? say`, and ${inlineTime(tokenMs)} of each output token and the gap before it` : "";
  return [fact("Client's part", say`up to ${inlineTime(latencyMs)} ${where}${between}${ofTokens}`)];
}

/** How much CPU time the client took, in cores, and how much that is of a machine that the server runs on too. */
function cpuInWords(cpuShare: number, sharedCores: number | null): string {
  const ofCore = `${shareInWords(cpuShare)} of a core`;
  if (sharedCores === null) return ofCore;
  return `${ofCore}, ${shareInWords(cpuShare / sharedCores)} of the ${sharedCores} that it shares with the server`;
}

/**
 * A table of the client's part of the requests' time at each level.
 *
 * @param level Column that names the level.
 * @param levels Levels with their names.
 * @returns Empty where it is small everywhere, or not known.
 */
export function clientTimeTable(
  level: Column,
  levels: readonly (readonly [name: number, measured: Window])[],
): Block[] {
  if (!levels.some(([, window]) => clientShare(window) >= WORTH_TELLING)) return [];
  const known = levels.flatMap(([name, window]) => window.judgingMs ? [[name, ...partsOf(window)]] : []);
  const used = [level, ...PARTS].map((_, i) => known.some((cells) => cells[i] !== ""));
  return [
    subheading("The Time of a Request as the Client Sees It"),
    table([level, ...PARTS].filter((_, i) => used[i]), known.map((cells) => row(cells.filter((_, i) => used[i])))),
  ];
}
