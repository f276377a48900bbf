import { KINDS, type ResultKind, resultsOf, sidesOf, type TestResults } from "../../results/kinds.ts";
import { rateOf } from "../../results/window/load.ts";
import type { Window } from "../../results/window/window.ts";
import { windowsOf } from "../../results/windows.ts";
import { say, type Words } from "../../words/inline.ts";
import { inlineNumber } from "../../words/inline_quantity.ts";
import { type Block, column, row, subheading, table } from "../sections/block.ts";
import { timeCell } from "../sections/shared.ts";
import { UNITS } from "../../words/quantity.ts";
import { shareInWords } from "../../words/words.ts";

const count = (number: number) => number.toLocaleString("en-US");

/** What a window is called: its test, and what tells it from the others where batch size and concurrency do not. */
function nameOf(kind: ResultKind, level: number | string | null, { load }: Window): Words {
  const { title } = KINDS[kind];
  if (load.kind === "open") {
    const rate = rateOf(load.arrivals);
    return rate === null ? `${title} (trace)` : say`${title} (${inlineNumber(rate, UNITS.requestsPerSecond)} offered)`;
  }
  if (load.promptWords !== undefined) return `${title} (${load.promptWords} words)`;
  if (kind === "latency") return `${title} (warm)`;
  return kind === "memory" || kind === "ab" ? `${title} (${level})` : title;
}

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
  const rows = windowsOf(tests).map(({ kind, level, batchSize, window }) => {
    const { load, warmUpRequests, cutRequests, durationMs, requests, failed, cancelled, succeeded } = window;
    const cells: readonly Words[] = [
      nameOf(kind, level, window),
      batchSize ?? load.batchSize,
      load.kind === "closed" ? load.concurrency : "",
      count(warmUpRequests),
      window.latencyFrom === "due" ? "" : count(cutRequests),
      timeCell(durationMs),
      count(requests),
      count(failed),
      count(cancelled),
    ];
    return row(cells, {
      note: window.clientLimited ? "client-limited" : "",
      converged: succeeded > 0 && kind !== "memory" ? window.converged : null,
    });
  });
  if (rows.length === 0) return [];
  return [subheading("Every load that was measured"), table(WINDOW_COLUMNS, rows)];
}

const CLIENT_USE_COLUMNS = [
  column("Test", { alignment: "left" }),
  column("Batch size"),
  column("Concurrency"),
  column("Thread busy"),
  column("No core free"),
  column("Handing over"),
  column("Reading"),
  column("Judging"),
  column("No request"),
  column("CPU"),
];

/** What the client saw of itself in each load: why a level is client-limited, or is not. */
export function clientUseTable(tests: TestResults): Block[] {
  const rows = windowsOf(tests).flatMap(({ kind, level, batchSize, window }) => {
    const { load, clientUse: use } = window;
    if (use === undefined) return [];
    const shares = [
      use.threadShare,
      use.starvedShare,
      use.writingShare,
      use.readingShare,
      use.judgingShare,
      use.betweenShare,
    ];
    const cells: readonly Words[] = [
      nameOf(kind, level, window),
      batchSize ?? load.batchSize,
      load.kind === "closed" ? load.concurrency : "",
      ...shares.map((share) => share === null ? "" : shareInWords(share)),
      use.cpuShare === null ? "" : shareInWords(use.cpuShare),
    ];
    return [row(cells)];
  });
  return rows.length === 0 ? [] : [subheading("The client in each load"), table(CLIENT_USE_COLUMNS, rows)];
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
  const checks = [
    ...resultsOf(tests).map(({ spec, result: { elapsedMs, client } }) => ({ title: spec.title, elapsedMs, client })),
    ...sidesOf(tests).map(({ title, client }) => ({ title, elapsedMs: null, client })),
  ];
  const rows = checks.map(({ title, elapsedMs, client }) => {
    const { cpuMsPerRequest, cpuShare, eventLoopLagP99Ms, ceilingPerSecond, ceilingAtLeast, limited } = client;
    return row([
      title,
      timeCell(elapsedMs),
      cpuShare === null ? "" : `${shareInWords(cpuShare)} of a core`,
      timeCell(cpuMsPerRequest),
      timeCell(eventLoopLagP99Ms),
      ceilingPerSecond === null
        ? ""
        : say`${ceilingAtLeast ? "at least " : ""}${
          inlineNumber(Math.round(ceilingPerSecond), UNITS.requestsPerSecond)
        }`,
    ], { note: limited ? "client-limited" : "" });
  });
  return rows.length === 0 ? [] : [subheading("How the client fared"), table(CLIENT_COLUMNS, rows)];
}
