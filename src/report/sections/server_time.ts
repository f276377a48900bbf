import type { LevelMeasurement, ResultBase, ServerTime } from "../../results/result.ts";
import { type Block, type Column, column, subheading } from "./block.ts";
import { formatNumber, formatTime, UNITS } from "../../words/quantity.ts";
import { notMeasured } from "./shared.ts";

const PARTS: readonly Column[] = [
  column("Queue in the server", { after: " queue" }),
  column("Computation", { after: " compute" }),
  column("Input and output", { after: " input and output", isOptional: true }),
  column("Outside the server", { after: " outside" }),
  column("Batch that ran", { after: " items an execution" }),
];

/** Means per request, one text for each column of {@linkcode PARTS}; empty where it is not known. */
function partsOf({ queueMs, computeMs, inputMs, outputMs, restMs, meanBatch }: ServerTime): string[] {
  const time = (ms: number | null) => ms === null ? "" : formatTime(ms);
  return [
    time(queueMs),
    time(computeMs),
    inputMs === undefined && outputMs === undefined ? "" : formatTime((inputMs ?? 0) + (outputMs ?? 0)),
    time(restMs),
    meanBatch === null ? "" : formatNumber(meanBatch, UNITS.none),
  ];
}

/**
 * The line of a test without levels that tells where the time of a request goes.
 *
 * @returns Empty for results of versions that did not ask the server.
 */
export function serverTimeLines(result: ResultBase, server: ServerTime | null | undefined): string[] {
  if (server === undefined) return [];
  if (server === null) return [`Where it goes: ${notMeasured(result, ["server"])}`];
  const known = partsOf(server).flatMap((text, i) => text === "" ? [] : [text + PARTS[i]!.after]);
  return [`Where it goes: ${known.join(", ")}`];
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
  levels: readonly (readonly [name: string, measured: LevelMeasurement])[],
): Block[] {
  const known = levels.flatMap(([name, { server }]) => server ? [[name, ...partsOf(server)]] : []);
  if (known.length === 0) return [];
  const used = [level, ...PARTS].map((_, i) => known.some((cells) => cells[i] !== ""));
  return [
    subheading("Where the Time of a Request Goes:"),
    {
      kind: "table",
      columns: [level, ...PARTS].filter((_, i) => used[i]),
      rows: known.map((cells) => ({
        isBest: false,
        cells: cells.filter((_, i) => used[i]),
        barShare: null,
        n: null,
        converged: null,
        note: "",
      })),
    },
  ];
}
