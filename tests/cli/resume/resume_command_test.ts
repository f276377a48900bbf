import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { loadResult } from "../../../src/cli/inputs/report_file.ts";
import { startEmbeddedServer } from "../../../src/embedded/start.ts";
import { formatCsv } from "../../../src/report/csv/format_csv.ts";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { resultsOf } from "../../../src/results/kinds.ts";
import type { Report } from "../../../src/results/report.ts";
import { run, start } from "../command.ts";

const POLL_MS = 100;

/** Waits until a results file holds a test that is whole. */
async function untilWhole(path: string, kind: "basic" | "throughput"): Promise<void> {
  for (;;) {
    const report = await loadResult(path).catch(() => null);
    if (report?.tests[kind]?.partial === null) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const textOf = (report: Report, kind: "basic" | "throughput") => JSON.stringify(report.tests[kind]);

Deno.test("a comprehensive run that was killed goes on with its results file, which stays what it was until then", async () => {
  await using server = await startEmbeddedServer({ models: ["mobilenet_v2"] });
  const folder = await Deno.makeTempDir();
  const path = `${folder}/r.json`;
  const args = [
    "--test-type",
    "comprehensive",
    "--quick",
    "--soak",
    "1",
    "--cold-starts",
    "1",
    "--format",
    "json",
    "--url",
    server.url,
  ];
  try {
    const killed = start([...args, "--output", path]);
    await untilWhole(path, "throughput");
    killed.signal("SIGKILL");
    await killed.finished;
    const before = await loadResult(path);
    assertEquals([before.partial, before.tests.throughput!.partial], ["interrupted", null]);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1, "no other file stays");

    const other = await run([...args, "--seed", "2", "--workers", "2", "--output", path, "--resume", path]);
    assertEquals(other.code, 2);
    assertStringIncludes(other.stderr, "--seed was not given and is 2, --workers was not given and is 2");
    assertEquals(await loadResult(path), before);

    const { code, stderr } = await run([...args, "--output", path, "--resume", path, "--report", `${folder}/r.html`]);
    assertEquals(code, 0, stderr);
    const report = await loadResult(path);
    assertEquals(report.partial, null);
    for (const kind of ["basic", "throughput"] as const) assertEquals(textOf(report, kind), textOf(before, kind));
    assertEquals(resultsOf(report.tests).filter(({ result }) => result.partial !== null), []);
    assertEquals(report.parts!.map(({ ended }) => ended), ["interrupted", null]);
    const page = await Deno.readTextFile(`${folder}/r.html`);
    assertEquals(page, formatHtml(report));
    for (const text of [page, formatText(report)]) assertStringIncludes(text, "Part 2 of 2");
    for (const kind of ["basic", "memory"]) assertStringIncludes(formatCsv(report), `\n${kind},`);

    const whole = await run([...args, "--resume", path, "--gate", "p99<0.001ms"]);
    assertEquals(whole.code, 1);
    assertStringIncludes(whole.stderr, "nothing is measured");
    const { tests } = JSON.parse(whole.stdout) as Report;
    assertEquals(JSON.stringify(tests), JSON.stringify(report.tests));

    for (
      const [option, value, words] of [
        ["--model", "resnet18", "model was mobilenet_v2 and is resnet18"],
        ["--input-shape", "input:3,64,64", "--input-shape was not given and is input:3,64,64"],
        ["--samples", `${folder}/s.csv`, "there must be tests left to measure"],
      ] as const
    ) {
      const refused = await run([...args, "--resume", path, option, value]);
      assertEquals([refused.code, refused.stdout], [2, ""]);
      assertStringIncludes(refused.stderr.replaceAll(/\s+/g, " "), words);
      assertEquals(await loadResult(path), report);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Ctrl-C says how the run goes on, and a single test keeps the levels that it has", async () => {
  await using server = await startEmbeddedServer({ models: ["mobilenet_v2"] });
  const folder = await Deno.makeTempDir();
  const path = `${folder}/r.json`;
  try {
    const run = start(["--test-type", "comprehensive", "--quick", "--url", server.url, "--output", path]);
    await untilWhole(path, "basic");
    run.signal("SIGINT");
    const { code, stderr } = await run.finished;
    assertEquals(code, 4, stderr);
    assertStringIncludes(stderr, `--resume ${path}`);

    await Deno.remove(path);
    const sweep = start(["--test-type", "scalability", "--url", server.url, "--output", path]);
    for (;;) {
      const report = await loadResult(path).catch(() => null);
      if ((report?.tests.scalability?.levels.length ?? 0) > 1) break;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    sweep.signal("SIGKILL");
    await sweep.finished;
    const { partial, tests } = await loadResult(path);
    assertEquals([partial, tests.scalability!.partial], ["interrupted", "interrupted"]);
    assertGreater(tests.scalability!.levels[0]!.succeeded, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
