import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Block, column } from "../../src/report/sections/block.ts";
import { sectionsOf } from "../../src/report/sections/section_of.ts";
import { failuresTable } from "../../src/report/sections/window/failures.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { plainText } from "../../src/words/inline.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { measurement, withFailures } from "../results/window/windows.ts";
import { reports } from "./fixtures.ts";
import { reportOf } from "./report_of.ts";

type Table = Extract<Block, { kind: "table" }>;

const tablesOf = (blocks: readonly Block[]) => blocks.filter((block): block is Table => block.kind === "table");
const headingsOf = ({ columns }: Table) => columns.map(({ heading }) => heading);

Deno.test("a table that tells the mean latency of a load tells its percentiles too", () => {
  let tables = 0;
  for (const name of ["whole", "gpu-windows", "load", "capacity", "all-failed"]) {
    for (const { blocks } of sectionsOf(reports[name]?.tests ?? {})) {
      for (const headings of tablesOf(blocks).map(headingsOf)) {
        if (!headings.includes("Mean latency")) continue;
        tables++;
        for (const quantile of ["p50", "p95", "p99", "p99.9"]) assert(headings.includes(`${quantile} latency`), name);
      }
    }
  }
  assert(tables >= 4);
});

Deno.test("p99.9 stands on the page where the number of requests carries it, and nowhere else", () => {
  const result = throughputResult({ 1: 100, 2: 150 });
  const rare = { value: 77, low: 70, high: 90, level: 0.95, n: 20_000 };
  const long = {
    ...result,
    levels: result.levels.map((level) => ({ ...level, latencyMs: { ...level.latencyMs!, p999: rare } })),
  };
  assertMatch(formatHtml(reportOf({ throughput: long })), /<th[^>]*>p99\.9 latency<\/th>.*77/s);
  assert(!formatHtml(reportOf({ throughput: result })).includes("p99.9"));
  const narrow = formatText(reportOf({ throughput: long }), { width: 100 });
  assert(narrow.includes("p95") && !narrow.includes("p99.9"), "where a page is narrow, p95 is the last to go");
});

Deno.test("failuresTable() counts each reason at each level, those that nobody waited for among them", () => {
  const failing = withFailures(measurement(100, 1, 1), 12);
  const open = { ...measurement(50, 1, 1), due: 230, unanswered: 30 };
  const blocks = failuresTable([column("Level")], [[[1], measurement(9, 1, 1)], [[2], failing], [[4], open]]);
  const [table] = tablesOf(blocks);
  assert(table !== undefined);
  const rows = table.rows.map(({ cells }) => cells.map((cell) => plainText(cell)));
  assertEquals(headingsOf(table).slice(0, 4), ["Level", "Failed", "Share", "unanswered"]);
  assertEquals(rows.map(([level]) => level), ["2", "4"]);
  assertEquals(rows[1]!.slice(1, 4), ["30 of 230", "13.0%", "30"]);
  const byReason = Object.values(failing.failuresByReason).toSorted((a, b) => a - b).map(String);
  assertEquals(rows[0]!.slice(4).filter((cell) => cell !== "").toSorted((a, b) => Number(a) - Number(b)), byReason);
  assertEquals(failuresTable([column("Level")], [[[1], measurement(9, 1, 1)]]), []);
});
