import type { TestResults } from "../../results/result.ts";
import type { Words } from "../../words/inline.ts";
import { inlineNumber } from "../../words/inline_quantity.ts";
import { type Block, column, row, subheading, table } from "../sections/block.ts";
import { timeCell } from "../sections/shared.ts";
import { UNITS } from "../../words/quantity.ts";
import { shareInWords } from "../../words/words.ts";
import { measuredWindows } from "./measured_windows.ts";
import { RESULT_KINDS, SECTION_NAMES } from "../sections/section_names.ts";

const count = (number: number) => number.toLocaleString("en-US");

const WINDOW_COLUMNS = [
  column("Test", { alignment: "left" }),
  column("Batch size"),
  column("Concurrency"),
  column("Warm-up"),
  column("Cut by MSER-5"),
  column("Measured for"),
  column("Requests"),
  column("Failed"),
  column("Cancelled"),
];

/** What every number rests on: each load that was measured, with what was sent before and what was counted. */
export function windowsTable(tests: TestResults): Block[] {
  const rows = measuredWindows(tests).map((window) => {
    const { name, batchSize, concurrency, counts, warmUp, durationMs, converged, clientLimited } = window;
    const cells: readonly Words[] = [
      name,
      batchSize === null ? "" : String(batchSize),
      concurrency === null ? "" : String(concurrency),
      warmUp === null ? "" : count(warmUp.warmUpRequests),
      warmUp === null ? "" : count(warmUp.cutRequests),
      timeCell(durationMs),
      count(counts.requests),
      count(counts.failed),
      count(counts.cancelled),
    ];
    return row(cells, {
      note: clientLimited ? "client-limited" : "",
      converged: counts.succeeded > 0 ? converged : null,
    });
  });
  if (rows.length === 0) return [];
  return [subheading("Every load that was measured"), table(WINDOW_COLUMNS, rows)];
}

const CLIENT_COLUMNS = [
  column("Test", { alignment: "left" }),
  column("Took"),
  column("Client's CPU"),
  column("CPU per request"),
  column("Timer lag p99"),
  column("Client's ceiling"),
];

/** Whether the client, not the server, may have set the numbers. */
export function clientTable(tests: TestResults): Block[] {
  const rows = RESULT_KINDS.flatMap((kind) => {
    const result = tests[kind];
    if (result === undefined) return [];
    const { cpuMsPerRequest, cpuShare, eventLoopLagP99Ms, ceilingPerSecond, limited } = result.client;
    return [row([
      SECTION_NAMES[kind],
      timeCell(result.elapsedMs),
      cpuShare === null ? "" : `${shareInWords(cpuShare)} of a core`,
      timeCell(cpuMsPerRequest),
      timeCell(eventLoopLagP99Ms),
      ceilingPerSecond === null ? "" : inlineNumber(Math.round(ceilingPerSecond), UNITS.requestsPerSecond),
    ], { note: limited ? "client-limited" : "" })];
  });
  return rows.length === 0 ? [] : [subheading("How the client fared"), table(CLIENT_COLUMNS, rows)];
}
