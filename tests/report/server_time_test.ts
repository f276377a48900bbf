import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import type { ServerTime, TestResults } from "../../src/results/result.ts";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { reportOf } from "./report_of.ts";

const server: ServerTime = {
  requests: 200,
  queueMs: 1.25,
  computeMs: 17.5,
  inputMs: 0.5,
  outputMs: 0.25,
  executions: 50,
  meanBatch: 4,
  restMs: 2.5,
};

function withServer(): TestResults {
  const throughput = throughputResult(), scalability = scalabilityResult();
  return {
    basic: basicResult({ server }),
    throughput: {
      ...throughput,
      batching: "server",
      levels: throughput.levels.map((level) => ({ ...level, server })),
      absences: { levels: "batch 64: no workers" },
    },
    scalability: { ...scalability, levels: scalability.levels.map((level) => ({ ...level, server })) },
  };
}

Deno.test("formatText() tells where the time of a request goes, and which batches really ran", () => {
  const text = formatText(reportOf(withServer()), { width: 140 });
  assertStringIncludes(
    text,
    "Where it goes: 1.25 ms queue, 17.5 ms compute, 0.750 ms input and output, 2.50 ms outside, mean batch 4",
  );
  assertEquals(text.split("Where the Time of a Request Goes").length, 3);
  assertStringIncludes(text, "single requests, joined by the server");
  assertStringIncludes(text, "batch 64: no workers");
});

Deno.test("formatText() says why the server's own time is unknown, and nothing for results that never asked", () => {
  const unknown = reportOf({ basic: basicResult({ server: null, absences: { server: "metrics are off" } }) });
  assertStringIncludes(formatText(unknown), "Where it goes: not measured: metrics are off");
  const silent = formatText(reportOf({ basic: basicResult(), throughput: throughputResult() }));
  assertFalse(/Where/.test(silent));
});

Deno.test("formatText() calls what a server does not count no time outside of it where it counts no input and output", () => {
  const { inputMs: _input, outputMs: _output, ...computed } = server;
  const text = formatText(reportOf({ basic: basicResult({ server: computed }) }), { width: 140 });
  assertStringIncludes(text, "Where it goes: 1.25 ms queue, 17.5 ms compute, 2.50 ms not counted, mean batch 4");
});

Deno.test("formatText() leaves out columns that no level knows", () => {
  const throughput = throughputResult();
  const partly: ServerTime = { requests: 5, queueMs: 1, computeMs: 2, executions: null, meanBatch: null, restMs: null };
  const levels = throughput.levels.map((level) => ({ ...level, server: partly }));
  const text = formatText(reportOf({ throughput: { ...throughput, levels } }));
  assertStringIncludes(text, "compute");
  assertFalse(/outside|mean batch/.test(text));
});

Deno.test("formatCsv() and the results file carry the server's own time", () => {
  const report = reportOf(withServer());
  const csv = formatCsv(report);
  assertStringIncludes(csv, "basic,,,server_queue,ms,1.25,,,,200,");
  assertStringIncludes(csv, "throughput,batch_size,1,executed_batch_size,items,4,,,,50,");
  const { tests } = parseReport(formatJson(report));
  assertEquals(tests.basic?.server, server);
  assertEquals(tests.throughput?.batching, "server");
  assert(tests.scalability?.levels.every((level) => level.server?.restMs === 2.5));
});

Deno.test("formatText() names the metrics that told the server's time, and calls the rest not counted", () => {
  const { queueMs: _, ...rest } = server;
  const told: ServerTime = { ...rest, queueMs: null, executions: null, meanBatch: null, source: "somebody's metrics" };
  const levels = throughputResult().levels.map((level) => ({ ...level, server: told }));
  const report = reportOf({ basic: basicResult({ server: told }), throughput: { ...throughputResult(), levels } });
  const text = formatText(report, { width: 140 });
  assertStringIncludes(text, "17.5 ms compute, 0.750 ms input and output, 2.50 ms not counted");
  assertStringIncludes(text, "Told by: somebody's metrics");
  assertStringIncludes(text, "Told by somebody's metrics.");
  assertEquals(parseReport(formatJson(report)), report);
});

Deno.test("formatText() tells what requests said besides their items", () => {
  const report = reportOf({ basic: basicResult() });
  const target = { ...report.target, sequenceLength: 20, parameters: 'a=1, b="x"' };
  const text = formatText({ ...report, target }, { width: 80 });
  assertStringIncludes(text, "Requests: sequences of 20 requests, one after another on each connection");
  assertStringIncludes(text, 'Parameters: a=1, b="x"');
  assertEquals(parseReport(formatJson({ ...report, target })).target, target);
});
