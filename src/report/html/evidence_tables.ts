import type { TestResults } from "../../results/result.ts";
import { type Block, column, type Row, subheading } from "../sections/block.ts";
import { formatNumber, formatTime, UNITS } from "../../words/quantity.ts";
import { shareInWords } from "../../words/words.ts";
import { measuredWindows } from "./measured_windows.ts";
import { RESULT_KINDS, SECTION_NAMES } from "./section_names.ts";

const plainRow = (cells: readonly string[], note = ""): Row => ({
  isBest: false,
  cells,
  barShare: null,
  n: null,
  converged: null,
  note,
});

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
    const cells = [
      name,
      batchSize === null ? "" : String(batchSize),
      concurrency === null ? "" : String(concurrency),
      warmUp === null ? "" : count(warmUp.warmUpRequests),
      warmUp === null ? "" : count(warmUp.cutRequests),
      durationMs === null ? "" : formatTime(durationMs),
      count(counts.requests),
      count(counts.failed),
      count(counts.cancelled),
    ];
    const row = plainRow(cells, clientLimited ? "client-limited" : "");
    return { ...row, converged: counts.succeeded > 0 ? converged : null };
  });
  if (rows.length === 0) return [];
  return [subheading("Every load that was measured"), { kind: "table", columns: WINDOW_COLUMNS, rows }];
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
    return [plainRow([
      SECTION_NAMES[kind],
      formatTime(result.elapsedMs),
      cpuShare === null ? "" : `${shareInWords(cpuShare)} of a core`,
      cpuMsPerRequest === null ? "" : formatTime(cpuMsPerRequest),
      eventLoopLagP99Ms === null ? "" : formatTime(eventLoopLagP99Ms),
      ceilingPerSecond === null ? "" : formatNumber(Math.round(ceilingPerSecond), UNITS.requestsPerSecond),
    ], limited ? "client-limited" : "")];
  });
  return rows.length === 0
    ? []
    : [subheading("How the client fared"), { kind: "table", columns: CLIENT_COLUMNS, rows }];
}
