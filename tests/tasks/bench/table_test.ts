import { assertEquals, assertStringIncludes } from "@std/assert";
import { atLeast, atMost } from "../../../tasks/bench/bar.ts";
import type { BenchResults } from "../../../tasks/bench/results.ts";
import { markdownTable, textTable } from "../../../tasks/bench/table.ts";

const small = "1.9 KB, 128 connections", large = "602 KB to a Python server";
const results: BenchResults = {
  date: "2026-11-26T12:00:00.000Z",
  machine: "a machine",
  pairs: 5,
  seconds: 3,
  rows: [
    ...["end to end", "bare loop", "wrk"].map((client) => ({
      group: small,
      client,
      rounds: { requestsPerSecond: [123_456, 100_000, 110_000], cpuUs: [30, 6.1, 12], p50Ms: [0.2, 0.15, 12] },
    })),
    {
      group: large,
      client: "bare loop, by items",
      rounds: { requestsPerSecond: [1.25], gigabytesPerSecond: [8.4], cpuUs: [1140], p99Ms: [14], rssMb: [250] },
    },
  ],
  bars: [
    atMost(`${small}: CPU of end to end / autocannon`, 0.7, 1),
    atLeast(`${large}: GB/s / the best other's`, 0.81234, 0.9),
    atMost("5 ms a request: levels called client-limited", null, 0),
  ],
  lacks: ["hey: Cannot run hey as it must be installed: it is not"],
};

Deno.test("textTable() shows medians by case within 80 columns, then the bars and what is missing", () => {
  const lines = textTable(results);
  const text = lines.join("\n");
  assertEquals(lines.filter(({ length }) => length > 80), []);
  assertStringIncludes(text, `${small}\n  end to end`);
  assertStringIncludes(text, "110,000");
  assertStringIncludes(text, "12.0 us");
  assertStringIncludes(text, "1.14 ms");
  assertStringIncludes(text, `PASS    0.7 <= 1     ${small}: CPU of end to end / autocannon`);
  assertStringIncludes(text, `FAIL  0.812 >= 0.9   ${large}`);
  assertStringIncludes(text, "?         ? <= 0     5 ms a request");
  assertStringIncludes(text, "Cannot run hey");
});

Deno.test("markdownTable() has a row for each case with other clients, and says when and where", () => {
  const text = markdownTable(results);
  assertEquals(text.split("\n").filter((line) => line.startsWith(`| ${small}`)).length, 1);
  assertStringIncludes(text, "| 12.0 us, 110,000/s |");
  assertEquals(text.includes(large), false);
  assertStringIncludes(text, "Measured 2026-11-26 on a machine");
  assertStringIncludes(text, "1 of 3 bars held");
});
