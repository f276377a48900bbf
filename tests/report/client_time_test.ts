import { assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { distribution } from "../core/estimates.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { calmUse } from "../results/result_base.ts";
import { reports } from "./fixtures.ts";
import { reportOf } from "./report_of.ts";

const large = reports["large-bodies"]!, limited = reports["client-limited"]!;

Deno.test("formatText() has no table of the client's part where it is small, nor of results that do not tell it", () => {
  const small = { sendingMs: distribution(0.01), readingMs: distribution(0.01), judgingMs: distribution(0.01) };
  const throughput = throughputResult();
  const levels = throughput.levels.map((level) => ({ ...level, ...small }));
  for (const result of [throughput, { ...throughput, levels }]) {
    assertFalse(formatText(reportOf({ throughput: result })).includes("as the Client Sees It"));
  }
  assertFalse(/Client's CPU|client sees it/.test(formatText(reportOf({ basic: basicResult() }))));
});

Deno.test("formatText() says where the transport does not tell when a request was handed over", () => {
  const basic = basicResult({
    sendingMs: null,
    waitingMs: null,
    readingMs: distribution(1),
    judgingMs: distribution(2),
  });
  assertStringIncludes(
    formatText(reportOf({ basic }), { width: 200 }),
    "As the client sees it: 1 ms reading, 2 ms judging (this transport does not tell when a request was handed over)",
  );
});

Deno.test("formatHtml() shows the client in each load, and a ceiling that is none as at least", () => {
  const html = formatHtml(limited);
  assertStringIncludes(html, "The client in each load");
  assertMatch(html, /94%/);
  const basic = basicResult({ client: { ...basicResult().client, ceilingPerSecond: 90, ceilingAtLeast: true } });
  assertMatch(formatHtml(reportOf({ basic })), /at least.{0,80}90/);
});

Deno.test("formatCsv() has the parts of a request's time, and what the client saw of itself", () => {
  const csv = formatCsv(large);
  assertStringIncludes(csv, "throughput,batch_size,16,sending_mean,ms,9.6,");
  assertStringIncludes(csv, "throughput,batch_size,16,waiting_mean,ms,4.6,");
  assertStringIncludes(csv, "throughput,batch_size,16,client_thread_busy,share,0.48,");
});

Deno.test("the results file keeps the client's part and its evidence, and older files lack them", () => {
  const { tests, findings } = parseReport(formatJson(large));
  assertEquals(tests.basic!.clientUse, {
    ...calmUse,
    cpuShare: 0.55,
    threadShare: 0.48,
    writingShare: 0.4,
    sharedCores: 2,
  });
  assertEquals(tests.basic!.sendingMs, large.tests.basic!.sendingMs);
  assertEquals(findings, large.findings);
  const { tests: older } = parseReport(formatJson(reportOf({ basic: basicResult() })));
  assertEquals([older.basic!.clientUse, older.basic!.sendingMs], [undefined, undefined]);
});
