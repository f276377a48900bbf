import {
  assert,
  assertArrayIncludes,
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { parse } from "csv-parse/sync";
import { loadResult } from "../../src/cli/inputs/report_file.ts";
import { startEmbeddedServer } from "../../src/embedded/start.ts";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import { KINDS, RESULT_KINDS, type ResultKind, resultsOf } from "../../src/results/kinds.ts";
import type { Report } from "../../src/results/report.ts";
import { rateOf } from "../../src/results/window/load.ts";
import { windowsOf } from "../../src/results/windows.ts";
import { run } from "./command.ts";

/** Runs the command, and gives what it wrote: the results as JSON, the page besides, and what it said. */
async function measured(args: readonly string[]) {
  const folder = await Deno.makeTempDir();
  const path = (name: string) => `${folder}/${name}`;
  const files = [
    "--format",
    "json",
    "--output",
    path("r.json"),
    "--report",
    path("r.html"),
    "--samples",
    path("s.csv"),
  ];
  try {
    const { code, stdout, stderr } = await run([...args, ...files]);
    assertEquals([code, stdout], [0, ""], stderr);
    const report = await loadResult(path("r.json"));
    assertEquals(await loadResult(path("s.csv")), report, "samples give the results again");
    return { report, page: await Deno.readTextFile(path("r.html")), stderr };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Makes sure that results of these kinds, and of no others, are in every format: JSON is what was read. */
function assertEveryFormat(report: Report, page: string, kinds: readonly ResultKind[]): void {
  assertEquals(resultsOf(report.tests).map(({ kind }) => kind), kinds);
  assertEquals(page, formatHtml(report), "the page of a run is the one that its results file gives");
  const text = formatText(report);
  const csv: { test: string }[] = parse(formatCsv(report), { columns: true, record_delimiter: "\r\n" });
  assertEquals([...new Set(csv.map(({ test }) => test))], kinds.map((kind) => kind.replaceAll("-", "_")));
  for (const kind of kinds) {
    assertMatch(text, new RegExp(`^\\S* ?${KINDS[kind].title.toUpperCase()}(?: TEST RESULTS)?$`, "m"));
    assertStringIncludes(page, `<section id="${kind}"`);
  }
}

Deno.test("the command measures everything of the embedded server and writes it in every format", async () => {
  const { report, page, stderr } = await measured(["--test-type", "comprehensive", "--quick", "--verbose"]);
  assertEveryFormat(report, page, RESULT_KINDS.filter((kind) => !["prompts", "load", "ab"].includes(kind)));
  const { tests, recommendations, partial, target } = report;
  assertEquals([partial, target.model, target.embedded], [null, "mobilenet_v2", true]);
  const { cold, warm } = tests.latency!;
  assertGreater(cold!.totalMs.p50.value, warm!.latencyMs!.p50.value, "a cold start takes longer than a warm one");
  const serverPid = Number(/the embedded server is at \S+, process (\d+)/.exec(stderr)![1]);
  assertArrayIncludes([...tests.memory!.scope!.pids], [serverPid]);
  assertGreater(tests.memory!.modelFootprintBytes!, 2 ** 20);
  for (const { window } of windowsOf(tests)) assertGreater(window.succeeded, 0);

  const { points } = tests["operating-points"]!;
  const pairs = points.map(({ batchSize, concurrency }) => `${batchSize} with ${concurrency}`);
  // Not the two optima themselves: visits of the points count for the sweeps as well, and may move an optimum by noise.
  assertGreater(points.length, 0);
  for (const { batchSize, concurrency } of points) {
    assert(tests.throughput!.levels.some((level) => level.batchSize === batchSize));
    assert(tests.scalability!.levels.some((level) => level.concurrency === concurrency));
  }
  assert(tests.throughput!.optimalBatchSize !== null && tests.scalability!.optimalConcurrency !== null);
  for (const recommendation of recommendations) {
    if (recommendation.code !== "operating-point") continue;
    assertArrayIncludes(pairs, [`${recommendation.batchSize} with ${recommendation.concurrency}`]);
  }
});

Deno.test("the command offers rates to a server, and compares two servers, and writes both in every format", async (t) => {
  await using first = await startEmbeddedServer();
  await using second = await startEmbeddedServer();
  const common = ["--model", "mobilenet_v2", "--quick", "--url", first.url];
  await t.step("load", async () => {
    const { report, page } = await measured([...common, "--test-type", "load", "--rates", "10,20", "--duration", "2"]);
    assertEveryFormat(report, page, ["load"]);
    const rates = report.tests.load!.levels.map(({ load }) => load.kind === "open" ? rateOf(load.arrivals) : null);
    assertEquals(rates, [10, 20]);
  });
  await t.step("ab", async () => {
    const bounds = ["--blocks", "2", "--requests", "8"];
    const { report, page } = await measured([...common, "--test-type", "ab", "--url", second.url, ...bounds]);
    assertEveryFormat(report, page, ["ab"]);
    assertEquals([report.tests.ab!.a, report.tests.ab!.b].map(({ target }) => target.url), [first.url, second.url]);
  });
});

Deno.test("every test runs alone, in every format, on an image and a text model", async (t) => {
  await using server = await startEmbeddedServer();
  const cases = [
    ["basic", "mobilenet_v2", "text", ["--batch-size", "2"], "BASIC TEST RESULTS"],
    ["basic", "bert", "csv", ["--concurrency", "2"], "basic"],
    ["latency", "mobilenet", "csv", ["--cold-starts", "1"], "latency"],
    ["latency", "bert", "text", ["--cold-starts", "2"], "LATENCY TEST RESULTS"],
    ["throughput", "bert", "json", ["--batch-sizes", "1,2"], "throughput"],
    ["throughput", "mobilenet_v2", "text", ["--batch-sizes", "1,4"], "THROUGHPUT TEST RESULTS"],
    ["scalability", "mobilenet_v2", "csv", ["--levels", "1,2"], "scalability"],
    ["scalability", "bert", "text", ["--levels", "1,2"], "SCALABILITY TEST RESULTS"],
    ["memory", "bert", "json", [], "memory"],
  ] as const;
  for (const [kind, model, format, extra, words] of cases) {
    await t.step(`${kind} of ${model} as ${format}`, async () => {
      const bounds = [...kind === "memory" ? [] : ["--requests", "10"], "--warmup", "2", "--quick"];
      const { code, stdout, stderr } = await run([
        ...["--test-type", kind, "--model", model, "--url", server.url, "--format", format],
        ...bounds,
        ...extra,
      ]);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, words);
      if (format === "json") assert(parseReport(stdout).tests[kind] !== undefined);
      if (format === "csv") assertGreater((parse(stdout, { columns: true }) as unknown[]).length, 10);
    });
  }
});

Deno.test("the command lists and downloads the embedded server's models", async () => {
  const cacheDir = await Deno.makeTempDir();
  const env = { TORCHGAUGE_CACHE: cacheDir };
  const downloadable = await run(["--list-downloadable"], env);
  assertEquals(downloadable.code, 0, downloadable.stderr);
  for (const name of ["mobilenet_v2", "resnet18", "resnet50", "bert"]) assertStringIncludes(downloadable.stdout, name);
  assertStringIncludes((await run(["--list-models"], env)).stdout, "no models");
  assertEquals((await run(["--download", "mobilenet_v2"], env)).stdout, "mobilenet_v2 is there.\n");
  assertStringIncludes((await run(["--list-models"], env)).stdout, "mobilenet_v2");
  await Deno.remove(cacheDir, { recursive: true });
});

Deno.test("the command shows its help and its version", async () => {
  const { code, stdout } = await run(["--help", "--all"]);
  assertEquals(code, 0);
  for (const option of ["--test-type", "--cold-starts", "--token-env", "Exit codes"]) {
    assertStringIncludes(stdout, option);
  }
  assertStringIncludes((await run(["--test-type", "basic", "--help"])).stdout, "Usage: deno task basic [options]");
  assertStringIncludes((await run(["--version"])).stdout, "torchgauge ");
});
