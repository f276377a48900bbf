import { assertEquals, assertStringIncludes } from "@std/assert";
import { modeNamed } from "../modes.ts";
import { judgeCell } from "./judge_cell.ts";
import { cellOf, type CellRun } from "./run_cell.ts";

const CELL = cellOf(modeNamed("status-500-one-in-five"), "basic");
const COUNTS = { accepted: 1, open: 0, requests: 60, predictions: 50, sound: 40, injected: 10 };
const WINDOW = { succeeded: 40, failed: 10, failuresByReason: { status: 10 }, latencyMs: { n: 40, max: 5 } };

/** A run in which all is right, but for what is said. */
const run = (changes: Partial<CellRun> = {}): CellRun => ({
  args: [],
  code: 0,
  seconds: 1,
  stdout: "",
  stderr: "Results are in a file: out of workers.",
  report: { tests: { basic: WINDOW } },
  outcomes: { success: 40, status: 10 },
  latencies: [1, 5],
  counts: { faulty: COUNTS, sound: { ...COUNTS, predictions: 0, sound: 0, injected: 0 } },
  peakMb: 120,
  left: [],
  ...changes,
});
const window = (changes: object) => ({ tests: { basic: { ...WINDOW, ...changes } } });

Deno.test("judgeCell() finds nothing where all is right", () => {
  assertEquals(judgeCell(CELL, run()), []);
});

Deno.test("judgeCell() sees each fault of the command by itself", () => {
  const faults: readonly (readonly [string, Partial<CellRun>])[] = [
    ["must end", { code: null }],
    ["exit 0: 5", { code: 5 }],
    ["failures by status: 10 closed", { outcomes: { success: 40, closed: 10 } }],
    ["failures as the server did: 5 for 10", { outcomes: { success: 40, status: 5 } }],
    ["failures as the server did: 11 for 10", { outcomes: { success: 39, status: 11 } }],
    ["successes as the server answered: 41 for 40", { outcomes: { success: 41, status: 10 } }],
    ["latencies of successes: 50 for 40", { report: window({ latencyMs: { n: 50, max: 5 } }) }],
    ["latency of a success at most 5: 900", { report: window({ latencyMs: { n: 40, max: 900 } }) }],
    ["reasons of all failures: 9 for 10", { report: window({ failuresByReason: { status: 9 } }) }],
    ["memory must stay below 700 MB: 800 MB", { peakMb: 800 }],
    ["must leave nothing behind: left 3 connections", { left: ["3 connections"] }],
    ["no trace or warning on stderr", { stderr: "out of workers\n    at main (file:///main.ts:3:7)" }],
    ["no control characters on the terminal", { stderr: "out of workers \x1b[2J" }],
    ["says /out of workers/", { stderr: "Failed." }],
  ];
  for (const [flaw, changes] of faults) {
    const found = judgeCell(CELL, run(changes));
    assertEquals(found.length, 1, `${flaw}: ${found.join("; ")}`);
    assertStringIncludes(found[0]!, flaw);
  }
});
