import type { ResultBase, ServerTime, Window } from "../../../results/result.ts";
import { notMeasured } from "../../../words/absences.ts";
import { joined, say, type Words } from "../../../words/inline.ts";
import { inlineTime } from "../../../words/inline_quantity.ts";
import { formatNumber, UNITS } from "../../../words/quantity.ts";
import { type Block, type Column, column, type Fact, fact, row, subheading, table } from "../block.ts";
import { timeCell } from "../shared.ts";

const PARTS: readonly Column[] = [
  column("Queue in the server", { after: " queue" }),
  column("Computation", { after: " compute" }),
  column("Input and output", { after: " input and output", isOptional: true }),
  column("Outside the server", { after: " outside" }),
  column("Batch that ran", { before: "mean batch " }),
];

/** Means per request, one cell for each column of {@linkcode PARTS}; empty where it is not known. */
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
  const known = partsOf(server).flatMap((part, i) =>
    part === "" ? [] : [say`${PARTS[i]!.before}${part}${PARTS[i]!.after}`]
  );
  return [fact("Where it goes", joined(known, ", "))];
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
  const used = [level, ...PARTS].map((_, i) => known.some((cells) => cells[i] !== ""));
  return [
    subheading("Where the Time of a Request Goes"),
    table([level, ...PARTS].filter((_, i) => used[i]), known.map((cells) => row(cells.filter((_, i) => used[i])))),
  ];
}
