import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { writeMore } from "../../../src/cli/outputs/write_more.ts";
import type { Console } from "../../../src/cli/terminal/console.ts";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";
import { gatedReport } from "../../report/html/html_fixtures.ts";
import { run } from "../command.ts";
import { answer, openInference, PREDICTION } from "../open_inference_server.ts";

/** What is said on stderr while something runs in a folder of its own. */
async function said(body: (folder: string, console: Console) => Promise<void>): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  let stderr = "";
  const console: Console = {
    write: () => Promise.resolve(),
    error: (message) => void (stderr += `${message}\n`),
    draw: () => {},
    terminalColumns: () => null,
    color: false,
    ascii: false,
  };
  try {
    await body(folder, console);
    return stderr.replaceAll(folder, "FOLDER");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("writeMore() writes each file that was asked for, and adds to the summary of a job", async () => {
  const stderr = await said(async (folder, console) => {
    const files = { junit: `${folder}/j.xml`, openmetrics: `${folder}/m.txt`, stepSummary: `${folder}/summary.md` };
    await Deno.writeTextFile(files.stepSummary, "of another step\n");
    assert(await writeMore(gatedReport, files, console));
    assertMatch(await Deno.readTextFile(files.junit), /^<\?xml[^]*<\/testsuites>\n$/);
    assertMatch(await Deno.readTextFile(files.openmetrics), /# EOF\n$/);
    assertMatch(await Deno.readTextFile(files.stepSummary), /^of another step\n# 🔬 torchgauge/);
  });
  assertEquals(stderr, "The JUnit file is in FOLDER/j.xml.\nThe OpenMetrics are in FOLDER/m.txt.\n");
});

Deno.test("writeMore() fails by a file that cannot be written, not by the summary of a job", async () => {
  const stderr = await said(async (folder, console) => {
    assertEquals(await writeMore(gatedReport, { junit: `${folder}/none/j.xml` }, console), false);
    assert(await writeMore(gatedReport, { stepSummary: `${folder}/none/s.md` }, console));
    assert(await writeMore(gatedReport, {}, console));
  });
  assertStringIncludes(stderr, 'Error: Cannot write to "FOLDER/none/j.xml" as its folder must exist: there is none.');
  assertMatch(stderr, /The summary of the job was not written: .+\.\n$/);
});

Deno.test("parseCommandLine() takes the summary of a job from the environment, and Markdown by the ending", () => {
  const command = parseCommandLine(
    ["--output", "r.md"],
    (name) => name === "GITHUB_STEP_SUMMARY" ? "/s.md" : undefined,
  );
  assert(command.kind === "run");
  assertEquals([command.format, command.stepSummary, command.junit], ["md", "/s.md", null]);
});

Deno.test("the command writes Markdown, JUnit and OpenMetrics of one run, and the summary of its job", async () => {
  await using server = await openInference(() => answer(PREDICTION));
  const stderr = await said(async (folder) => {
    const { code, stderr } = await run(
      [
        ...["--test-type", "basic", "--quick", "--duration", "0.5", "--url", server.url, "--gate", "errors<90%"],
        ...["--output", `${folder}/r.md`, "--junit", `${folder}/j.xml`, "--openmetrics", `${folder}/m.txt`],
      ],
      { GITHUB_STEP_SUMMARY: `${folder}/s.md` },
    );
    assertEquals(code, 0, stderr);
    const markdown = await Deno.readTextFile(`${folder}/r.md`);
    assertMatch(markdown, /## 🚦 Gate: passed\n\n- ✅ \*\*errors\\<90%:\*\* met/);
    assertEquals(await Deno.readTextFile(`${folder}/s.md`), `${markdown}\n`);
    assertMatch(await Deno.readTextFile(`${folder}/j.xml`), /tests="2" failures="0" errors="0"/);
    assertMatch(await Deno.readTextFile(`${folder}/m.txt`), /torchgauge_latency_seconds\{.*quantile="0.99"\}/);
  });
  assertEquals(stderr, "");
});
