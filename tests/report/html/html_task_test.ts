import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import config from "../../../deno.json" with { type: "json" };
import { reportCommand } from "../../../src/cli/commands/report_command.ts";
import { formatCsv } from "../../../src/report/csv/format_csv.ts";
import { formatMarkdown } from "../../../src/report/markdown/format_markdown.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { formatHtml } from "../../../src/report/html/format_html.ts";
import { formatJson } from "../../../src/report/json/format_json.ts";
import { reports } from "../fixtures.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs the task as deno.json has it, with its permissions and no others. */
async function runTask(args: readonly string[]): Promise<{ code: number; stderr: string }> {
  const [deno, ...words] = config.tasks.report.command.split(" ");
  assertEquals(deno, "deno");
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...words.toSpliced(1, 0, "--quiet"), ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

/** Runs the command in this process. */
const reportHere = (args: readonly string[]) =>
  reportCommand(args, {
    write: () => Promise.resolve(),
    error: () => {},
    draw: () => {},
    terminalColumns: () => null,
    color: false,
    ascii: false,
  });

/** A folder for the time of a test. */
async function withFolder(check: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("deno task report writes the report beside the results, or where it is told to, partial ones too", async () => {
  await withFolder(async (folder) => {
    const partial = reports["partial"]!;
    await Deno.writeTextFile(`${folder}/r.json`, formatJson(partial));
    assertEquals(await runTask([`${folder}/r.json`]), { code: 0, stderr: `The report is in ${folder}/r.html.\n` });
    const page = await Deno.readTextFile(`${folder}/r.html`);
    assertEquals(page, formatHtml(partial));
    assertStringIncludes(page, "PARTIAL RESULTS");
    assertEquals((await runTask([`${folder}/r.json`, "-o", `${folder}/other.html`])).code, 0);
    assertEquals(await Deno.readTextFile(`${folder}/other.html`), page);
  });
});

Deno.test("deno task report writes Markdown, CSV, text and JSON, by the ending of its output or as it is told, and reads a page", async () => {
  await withFolder(async (folder) => {
    const report = reports["latency-only"]!;
    await Deno.writeTextFile(`${folder}/page.html`, formatHtml(report));
    const cases: readonly [args: readonly string[], file: string, text: string][] = [
      [["-o", `${folder}/r.md`], "r.md", formatMarkdown(report)],
      [["--format", "csv"], "page.csv", formatCsv(report)],
      [["--format", "text"], "page.txt", formatText(report)],
      [["-o", `${folder}/r.json`], "r.json", formatJson(report)],
      [["-o", `${folder}/r.out`, "--format", "md"], "r.out", formatMarkdown(report)],
    ];
    for (const [args, file, text] of cases) {
      assertEquals(await reportHere([`${folder}/page.html`, ...args]), 0);
      assertEquals(await Deno.readTextFile(`${folder}/${file}`), text);
    }
    assertEquals(await reportHere([`${folder}/page.html`]), 2, "a page is not written over itself");
  });
});

Deno.test("deno task report ends with 2 and one message for whatever is no results file or cannot be written", async () => {
  await withFolder(async (folder) => {
    const path = (name: string) => `${folder}/${name}`;
    const whole = formatJson(reports["latency-only"]!);
    await Deno.writeTextFile(path("r.json"), whole);
    await Deno.writeTextFile(path("text.json"), "🥶 LATENCY");
    await Deno.writeTextFile(path("cut.json"), whole.slice(0, 500));
    await Deno.writeTextFile(path("newer.json"), whole.replace('"schemaVersion": 2', '"schemaVersion": 3'));
    await Deno.writeTextFile(path("other.json"), '{"schemaVersion": 2}');
    const cases: readonly [args: readonly string[], words: string][] = [
      [[path("missing.json")], "there must be a file that can be read: there is none"],
      [[folder], "there must be a file that can be read"],
      [[path("text.json")], "they must be JSON"],
      [[path("cut.json")], "they must be JSON"],
      [[path("newer.json")], "schemaVersion must be 2: current value is 3"],
      [[path("other.json")], "must be there"],
      [[path("r.json"), "-o", path("none/r.html")], "its folder must exist"],
      [[path("r.json"), "-o", folder], "it is a folder"],
      [[path("r.json"), "-o", path("r.pdf")], "its file must end in .html, .md, .csv, .txt or .json"],
      [[], "there must be one results file: found 0"],
      [[path("r.json"), path("r.json")], "there must be one results file: found 2"],
      [["--url", "http://127.0.0.1:1"], `"--url" is no option`],
    ];
    for (const [args, words] of cases) {
      const { code, stderr } = await runTask(args);
      assertEquals(code, 2, stderr);
      assertStringIncludes(stderr, words);
      assertMatch(stderr, /^Error: .*\n(?:Hint: .*\n)?$/);
    }
  });
});
