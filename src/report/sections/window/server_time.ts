import type { ResultBase, ServerTime, Window } from "../../../results/result.ts";
import { notMeasured } from "../../../words/absences.ts";
import { joined, say, type Words } from "../../../words/inline.ts";
import { inlineTime } from "../../../words/inline_quantity.ts";
import { formatNumber, UNITS } from "../../../words/quantity.ts";
import { type Block, type Column, column, type Fact, fact, paragraph, row, subheading, table } from "../block.ts";
import { timeCell } from "../shared.ts";

/**
 * A column for each part of the time. What is left over was spent outside of the server only where it counts all that it does:
 * one that does not count input and output may have spent it on them.
 */
function partColumns(countsAll: boolean): readonly Column[] {
  return [
    column("Queue in the server", { after: " queue" }),
    column("Computation", { after: " compute" }),
    column("Input and output", { after: " input and output", isOptional: true }),
    countsAll ? column("Outside the server", { after: " outside" }) : column("Not counted", { after: " not counted" }),
    column("Batch that ran", { before: "mean batch " }),
  ];
}

const BEYOND = "A time that is more than the mean latency is of other requests at the window's edges as well.";

function countsAll({ source, inputMs, outputMs }: ServerTime): boolean {
  return source === undefined && inputMs !== undefined && outputMs !== undefined;
}

/** Whether its times are more than the mean latency: counters may hold requests that the latencies do not. */
function isBeyond({ source, queueMs, computeMs, restMs }: ServerTime): boolean {
  return restMs === null && computeMs !== null && (queueMs !== null || source !== undefined);
}

/** Means per request, one cell for each of {@linkcode partColumns}; empty where it is not known. */
function partsOf({ queueMs, computeMs, inputMs, outputMs, restMs, meanBatch }: ServerTime): Words[] {
  return [
    timeCell(queueMs),
    timeCell(computeMs),
    inputMs === undefined && outputMs === undefined ? "" : inlineTime((inputMs ?? 0) + (outputMs ?? 0)),
    timeCell(restMs),
    meanBatch === null ? "" : formatNumber(meanBatch, UNITS.none),
  ];
}

/**
 * The fact of a test without levels that tells where the time of a request goes.
 *
 * @returns Empty for results of versions that did not ask the server.
 */
export function serverTimeFacts(result: ResultBase, server: ServerTime | null | undefined): Fact[] {
  if (server === undefined) return [];
  if (server === null) return [fact("Where it goes", notMeasured(result, ["server"]))];
  const columns = partColumns(countsAll(server));
  const known = partsOf(server).flatMap((part, i) =>
    part === "" ? [] : [say`${columns[i]!.before}${part}${columns[i]!.after}`]
  );
  const beyond = isBeyond(server)
    ? "; more than the mean latency, as other requests at the window's edges are counted"
    : "";
  const goes = fact("Where it goes", say`${joined(known, ", ")}${beyond}`);
  return server.source === undefined ? [goes] : [goes, fact("Told by", server.source)];
}

/**
 * A table that tells where the time of a request goes at each level.
 *
 * @param level Column that names the level.
 * @param levels Levels with their names.
 * @returns Empty where no level knows.
 */
export function serverTimeTable(
  level: Column,
  levels: readonly (readonly [name: number, measured: Window])[],
): Block[] {
  const known = levels.flatMap(([name, { server }]) => server ? [[name, ...partsOf(server)]] : []);
  if (known.length === 0) return [];
  const source = levels.flatMap(([, { server }]) => server?.source ?? [])[0];
  const columns = [level, ...partColumns(levels.every(([, { server }]) => !server || countsAll(server)))];
  const used = columns.map((_, i) => known.some((cells) => cells[i] !== ""));
  return [
    subheading("Where the Time of a Request Goes"),
    ...source === undefined ? [] : [paragraph(`Told by ${source}.`)],
    ...levels.some(([, { server }]) => server && isBeyond(server)) ? [paragraph(BEYOND)] : [],
    table(columns.filter((_, i) => used[i]), known.map((cells) => row(cells.filter((_, i) => used[i])))),
  ];
}
