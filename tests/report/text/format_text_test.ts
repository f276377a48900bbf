import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import stringWidth from "string-width";
import type { Report } from "../../../src/results/report.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { throughputResult } from "../../results/kinds/throughput_result.ts";
import { failedMeasurement } from "../../results/window/windows.ts";
import { reports } from "../fixtures.ts";
import { gpuReports } from "../gpu_fixtures.ts";
import { reportOf } from "../report_of.ts";
import { assertGolden } from "../golden.ts";
import { abReport, capacityReport, gatedReport, loadReport } from "../html/html_fixtures.ts";

const every = { ...reports, load: loadReport, capacity: capacityReport, gated: gatedReport, "ab-whole": abReport };

for (const [name, report] of Object.entries(every)) {
  Deno.test(`formatText() tells the report "${name}" as the golden text does`, async () => {
    await assertGolden(name, formatText(report));
  });
}

for (const [name, report] of Object.entries(gpuReports)) {
  Deno.test(`formatText() tells what limits the server of "${name}" as the golden text does`, async () => {
    await assertGolden(name, formatText(report, { width: 80, parts: ["analysis"] }));
  });
}

for (const [name, report] of Object.entries({ ...every, ...gpuReports })) {
  Deno.test(`formatText() keeps the report "${name}" within its width and free of programmers' words`, () => {
    for (const width of [60, 80, 120]) {
      for (const ascii of [false, true]) {
        for (const line of formatText(report, { width, ascii }).split("\n")) {
          assertLessOrEqual(stringWidth(line), width, line);
          assertNotMatch(line, /NaN|null|undefined|Infinity|\[object|true|false/);
        }
      }
    }
  });
}

Deno.test("formatText() fits a terminal of 80 columns and one without Unicode", async () => {
  await assertGolden("whole-80", formatText(reports.whole!, { width: 80 }));
  const ascii = formatText(reports.whole!, { ascii: true });
  assertMatch(ascii, /^[\x20-\x7e\n]*$/);
  await assertGolden("whole-ascii", ascii);
});

Deno.test("formatText() adds nothing but escapes when it colours", () => {
  for (const report of Object.values(reports)) {
    const colored = formatText(report, { color: true });
    assertStringIncludes(colored, "\x1b[1m");
    // deno-lint-ignore no-control-regex
    assertEquals(colored.replaceAll(/\x1b\[\d+m/g, ""), formatText(report));
  }
});

Deno.test("formatText() aligns the columns of a sweep whatever stands in them", () => {
  const lines = formatText(reports.whole!).split("\n").filter((line) => /^(⭐| {2}) Batch +\d+:/.test(line));
  assertEquals(lines.length, 6);
  for (const word of [" pred/s", " latency", "x "]) {
    const ends = lines.map((line) => stringWidth(line.slice(0, line.indexOf(word))));
    assertEquals(new Set(ends).size, 1, lines.join("\n"));
  }
});

Deno.test("formatText() stars the optimum and no other level", () => {
  const stars = formatText(reports.whole!).split("\n").filter((line) => line.startsWith("⭐"));
  assertEquals(
    stars.map((line) => line.slice(0, 12)),
    ["⭐ Batch  8: ", "⭐ Level  4: ", "⭐ Batch  8 concurrency 4: "].map((line) => line.slice(0, 12)),
  );
});

Deno.test("formatText() puts remarks below their rows where they do not fit beside them", () => {
  const options = { parts: ["results"] } as const;
  const limited = reports["client-limited"]!;
  assertMatch(formatText(limited, { ...options, width: 160 }), /✓ +0\.6% failed\n/);
  assertMatch(formatText(limited, { ...options, width: 80 }), /✓\n {6}0\.6% failed\n/);
});

Deno.test("formatText() leaves out the bar first where it is narrow, then columns by their rank", () => {
  const sweep = (width: number) =>
    formatText(reports.whole!, { parts: ["results"], width }).split("\n").find((line) => /Level +1:/.test(line))!;
  assertMatch(sweep(120), /eff p50 .* p95 .* p99 .* █+/);
  assertMatch(sweep(100), /eff p95 [^█]* p99 [^█]* n/);
  assertMatch(sweep(84), /eff p95 [^█]* n/);
  assertMatch(sweep(60), /latency n/);
});

Deno.test("formatText() ends with the answer, which it begins with, and how checks came out", () => {
  const ends = (report: Report) => formatText(report).split("THE ANSWER")[1]!.replace(/\s+/g, " ");
  assertStringIncludes(ends(gatedReport), "What to do: Send batches of 8, 4 at a time");
  assertStringIncludes(ends(gatedReport), "Gate: failed, errors<1% cannot tell, throughput>500req/s missed");
  assertStringIncludes(ends(reports["throughput-only"]!), "In short: Send batches of 8");
  assertStringIncludes(ends(reports.partial!), "PARTIAL RESULTS");
});

Deno.test("formatText() colours verdicts", () => {
  const text = formatText(gatedReport, { color: true }).replaceAll("\x1b", "^");
  assertStringIncludes(text, "^[31m^[1m🚦 GATE: FAILED");
  assertMatch(text, /\^\[31m.*-23\.3% .* WORSE/);
  assertMatch(text, /\^\[32m✓/);
  assertMatch(text, /\^\[33m• errors<1%: cannot tell/);
});

Deno.test("formatText() praises fragmentation only where it was observed", () => {
  const praise = "✅ No GPU memory fragmentation detected";
  assertStringIncludes(formatText(reports["gpu-memory-only"]!), praise);
  for (const name of ["whole", "gpu", "no-gpu-remote", "latency-only"]) {
    assert(!formatText(reports[name]!).includes(praise), name);
  }
  assertStringIncludes(formatText(reports.whole!), "GPU Memory Fragmentation: not observable");
});

Deno.test("formatText() says at the top that and where a partial run was cut", () => {
  const [, , third] = formatText(reports.partial!).split("\n");
  assertEquals(third, "PARTIAL RESULTS: interrupted during the throughput test. Complete: basic and latency.");
});

Deno.test("formatText() shows one test alone with its own recommendations and no analysis over all", () => {
  const text = formatText(reportOf({ throughput: throughputResult() }));
  assertStringIncludes(text, "PERFORMANCE RECOMMENDATIONS");
  assertNotMatch(text, /COMPREHENSIVE|LATENCY TEST|Cannot tell/);
});

Deno.test("formatText() gives the server's words no power over the terminal or the page", () => {
  const failed = {
    ...failedMeasurement(),
    failuresByReason: { status: 40 },
    failureExamples: { status: `\x1b[2J\x07500\r\n${"<html>".repeat(200)}` },
  };
  const text = formatText(reportOf({ basic: basicResult({ ...failed, firstByteMs: null, serverMs: null }) }));
  // deno-lint-ignore no-control-regex
  assertNotMatch(text, /[\x00-\x09\x0b-\x1f]/);
  for (const line of text.split("\n")) assertLessOrEqual(stringWidth(line), 100);
  assertLessOrEqual(text.length, 3000);
});

Deno.test("formatText() tells of a run what, where and how, and what limits it, where only that is asked for", () => {
  const warned = { ...reports.quick!, warnings: ["This machine was busy before the run."] };
  const text = formatText(warned, { parts: ["run"], width: 90 });
  for (const told of ["Target: ", "Deno ", `seed ${warned.seed}`, `Command: ${warned.command}`, warned.warnings[0]!]) {
    assertStringIncludes(text.replace(/\s+/g, " "), told);
  }
  assertNotMatch(text, /95% interval|FINDINGS|Latency/);
});
