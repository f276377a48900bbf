import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { checkNewSamples, journalPath, openJournal } from "../../../src/cli/resume/journal.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { parseReport } from "../../../src/report/json/parse_report.ts";
import { reports } from "../../report/fixtures.ts";

const FULL_REPORT = Object.values(reports)[0]!;
const toReport = () => FULL_REPORT;

Deno.test("openJournal() writes a results file each time", async () => {
  const written: [string, string][] = [];
  const { option } = openJournal("r.json", toReport, { error: () => {} }, (path, text) => {
    written.push([path, text]);
    return Promise.resolve(null);
  });
  await option.onMeasured!(FULL_REPORT);
  assertEquals(written.map(([path, text]) => [path, parseReport(text)]), [["r.json", FULL_REPORT]]);
});

Deno.test("openJournal() says once that the file cannot be written, and lets the run go on", async () => {
  const said: string[] = [];
  const answers = ["no space.", "no space.", null, "no space."];
  const { option } = openJournal("r.json", toReport, { error: (text) => said.push(text) }, () => {
    return Promise.resolve(answers.shift() ?? null);
  });
  for (let i = 0; i < 4; i++) await option.onMeasured!(FULL_REPORT);
  assertEquals(said.length, 2);
  assertStringIncludes(said[0]!, "no space. What is measured cannot be kept meanwhile");
});

Deno.test("journalPath() is the results file, or the one that the run goes on with", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/r.json`;
  const command = { format: "json", output: path, resume: null, baseline: null } as const;
  try {
    assertEquals(await journalPath(command), path);
    assertEquals(await journalPath({ ...command, format: "text" }), null);
    assertEquals(await journalPath({ ...command, output: null }), null);
    assertEquals(await journalPath({ ...command, format: "text", output: null, resume: path }), path);
    await Deno.writeTextFile(path, "{}");
    assertEquals(await journalPath({ ...command, baseline: { path: `${folder}/./r.json`, maxRegression: 0 } }), null);
    assertEquals(await journalPath({ ...command, output: "/dev/stdout" }), null);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("checkNewSamples() keeps the samples of the part before", async () => {
  const samples = await Deno.makeTempFile();
  try {
    await checkNewSamples({ resume: "r.json", samples });
    await Deno.writeTextFile(samples, "# samples");
    await checkNewSamples({ resume: null, samples });
    await assertRejects(() => checkNewSamples({ resume: "r.json", samples }), UsageError, "needs a new file");
  } finally {
    await Deno.remove(samples);
  }
});
