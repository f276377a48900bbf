import { assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { plotLatency } from "../../../src/plot/latency.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { loadResult } from "../../results/kinds/load_result.ts";
import { openWindow } from "../../results/window/windows.ts";
import { reportOf } from "../report_of.ts";

const plain = (text: string) => text.replaceAll(/\s+/g, " ");
const limited = basicResult({ clientLimited: true, batchSize: 8 });

Deno.test("a rate that the client limited is at least that much in the answer, the section, the summary and the chart", () => {
  // Alone its answer stands first and last; with another test its summary stands in the analysis.
  for (const [tests, places] of [[{ basic: limited }, 3], [{ basic: limited, load: loadResult() }, 2]] as const) {
    const text = plain(formatText(reportOf(tests), { width: 1000 }));
    const both =
      /at least [\d.,]+ req\/s \(the client was the limit\), at least [\d.,]+ pred\/s \(the client was the limit\)/g;
    assertEquals(text.match(both)?.length, places);
  }
  const { description } = plotLatency(limited);
  assertStringIncludes(plain(description), "req/s (the client was the limit).");
  assertNotMatch(plain(description), /req\/s \[|at at/);
});

Deno.test("the summary of an open loop counts what was not answered, as the section does", () => {
  const counts = { requests: 150, succeeded: 150, due: 200, unanswered: 50 };
  const basic = basicResult({ ...openWindow(40, counts), concurrency: null });
  const text = plain(formatText(reportOf({ basic, load: loadResult() }), { width: 1000 }));
  assertEquals(text.match(/Success Rate: \S+/g), Array(2).fill("Success Rate: 75.0%"));
});
