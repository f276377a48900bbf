import { assert, assertArrayIncludes, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { parse } from "csv-parse/sync";
import { TEST_KINDS } from "../../src/results/result.ts";
import { startEmbeddedServer } from "../../src/embedded/start.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { run } from "./command.ts";

Deno.test("the command measures everything of the embedded server and writes the results file", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/r.json`;
  const { code, stdout, stderr } = await run(["--quick", "--format", "json", "--output", path, "--verbose"]);
  assertEquals([code, stdout], [0, ""], stderr);
  const { tests, recommendations, partial, target } = parseReport(await Deno.readTextFile(path));
  await Deno.remove(folder, { recursive: true });

  assertEquals([partial, target.model, target.embedded], [null, "mobilenet_v2", true]);
  for (const kind of TEST_KINDS) assert(tests[kind] !== undefined, kind);
  const { cold, warm } = tests.latency!;
  assertGreater(cold!.totalMs.p50.value, warm.latencyMs!.p50.value, "a cold start takes longer than a warm one");
  const serverPid = Number(/the embedded server is at \S+, process (\d+)/.exec(stderr)![1]);
  assertArrayIncludes([...tests.memory!.scope!.pids], [serverPid]);
  assertGreater(tests.memory!.modelFootprintBytes!, 2 ** 20);
  for (const level of [...tests.throughput!.levels, ...tests.scalability!.levels]) assertGreater(level.succeeded, 0);

  const pairs = tests.operatingPoints!.map(({ batchSize, concurrency }) => `${batchSize} with ${concurrency}`);
  assertArrayIncludes(pairs, [`${tests.throughput!.optimalBatchSize} with ${tests.scalability!.optimalConcurrency}`]);
  for (const recommendation of recommendations) {
    if (recommendation.code !== "operating-point") continue;
    assertArrayIncludes(pairs, [`${recommendation.batchSize} with ${recommendation.concurrency}`]);
  }
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
      const bounds = ["--requests", "10", "--warmup", "2", "--quick"];
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
  const { code, stdout } = await run(["--help"]);
  assertEquals(code, 0);
  for (const option of ["--test-type", "--cold-starts", "--token-env", "Exit codes"]) {
    assertStringIncludes(stdout, option);
  }
  assertStringIncludes((await run(["--version"])).stdout, "torchgauge ");
});
