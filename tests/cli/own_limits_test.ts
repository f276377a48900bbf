import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { parseReport } from "../../src/report/json/parse_report.ts";
import { startEmbeddedServer } from "../../src/embedded/start.ts";
import { fromFileUrl } from "./paths.ts";

const ROOT = fromFileUrl(import.meta.resolve("../../"));

/** Runs the command where no more files may be open. */
async function runWithFewFiles(flags: readonly string[], args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: [
      "-c",
      'ulimit -n 64; exec "$0" "$@"',
      Deno.execPath(),
      "run",
      "--quiet",
      ...flags,
      "src/cli/main.ts",
      ...args,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("too few open files are the client's failure, and found before the run where the system tells", async (t) => {
  await using server = await startEmbeddedServer({ models: ["bert"] });
  const asked = ["--test-type", "basic", "--url", server.url, "--model", "bert", "--requests", "200", "--quick"];
  const few = [...asked, "--concurrency", "100", "--format", "json"];

  await t.step("refused before anything is measured", async () => {
    const { code, stdout, stderr } = await runWithFewFiles(["-A"], few);
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, "limit of open files is 64");
    assertStringIncludes(stderr, "ulimit -n");
  });

  await t.step("also where it may not look itself, as with the task's permissions and two threads", async () => {
    const flags = ["--allow-net", "--allow-env", "--allow-read", "--allow-run=/bin/sh"];
    const { code, stdout, stderr } = await runWithFewFiles(["--no-prompt", ...flags], [...few, "--workers", "2"]);
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, "limit of open files is 64");
  });

  await t.step(
    "where it cannot ask they are counted as the client's, and no advice blames the server",
    async () => {
      const flags = config.tasks.basic.command.split(" ").filter((word) => word.startsWith("--allow"));
      const { code, stdout, stderr } = await runWithFewFiles(["--no-prompt", ...flags], few);
      const report = parseReport(stdout);
      assertEquals(code, report.tests.basic!.succeeded > 0 ? 0 : 3, stderr);
      assertEquals(Object.keys(report.tests.basic!.failuresByReason), ["client"]);
      assertStringIncludes(report.tests.basic!.failureExamples["client"]!, "ulimit -n");
      const advice = report.recommendations.find((each) => each.code === "fix-errors");
      assert(advice?.code === "fix-errors" && advice.evidence.byClient === advice.evidence.failed);
    },
  );

  await t.step("refused where the threads that were asked for find none", async () => {
    const path = await Deno.makeTempFile({ suffix: ".csv" });
    const { code, stderr } = await runWithFewFiles(["-A"], [...asked, "--workers", "4", "--samples", path]);
    await Deno.remove(path);
    assertEquals(code, 2, stderr);
    assertStringIncludes(stderr, "its threads need 8 each");
  });

  await t.step("refused by the A/B test too, which has connections to one server at a time", async () => {
    const both = ["--test-type", "ab", "--url", server.url, "--url", server.url, "--model", "bert", "--quick"];
    const { code, stdout, stderr } = await runWithFewFiles(["-A"], [...both, "--concurrency", "64"]);
    assertEquals([code, stdout], [2, ""]);
    assertStringIncludes(stderr, "64 requests outstanding");
    const few = await runWithFewFiles(["-A"], [...both, "--concurrency", "8", "--duration", "0.1", "--blocks", "2"]);
    assertEquals(few.code, 0, few.stderr);
  });

  await t.step("fewer at a time than that are measured", async () => {
    assertEquals((await runWithFewFiles(["-A"], [...asked, "--concurrency", "8"])).code, 0);
  });
});
