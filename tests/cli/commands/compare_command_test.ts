import { assertEquals, assertStringIncludes } from "@std/assert";
import { compareCommand } from "../../../src/cli/commands/compare_command.ts";
import type { Console } from "../../../src/cli/terminal/console.ts";
import { saveResult } from "../../../src/cli/inputs/report_file.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { measurement } from "../../results/window/windows.ts";
import { reportOf } from "../../report/report_of.ts";

/** Runs the command in a folder with two results files of different speed, `a.json` and `b.json`. */
async function compareIn(args: (folder: string) => readonly string[], output = "out.csv") {
  const folder = await Deno.makeTempDir();
  let stdout = "", stderr = "";
  const console: Console = {
    write: (text) => Promise.resolve(void (stdout += text)),
    error: (text) => void (stderr += `${text}\n`),
    draw: () => {},
    terminalColumns: () => null,
    color: false,
    ascii: false,
  };
  try {
    await saveResult(`${folder}/a.json`, reportOf({ basic: basicResult() }));
    await saveResult(`${folder}/b.json`, reportOf({ basic: basicResult({ ...measurement(30, 1, 1) }) }));
    await saveResult(`${folder}/c.json`, reportOf({ basic: basicResult({ ...measurement(60, 1, 1) }) }));
    await Deno.writeTextFile(`${folder}/other.json`, '{"results": []}');
    const code = await compareCommand(args(folder), console);
    const written = await Deno.readTextFile(`${folder}/${output}`).catch(() => null);
    return { code, stdout, stderr, written };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("compareCommand() ends with 0 whatever came out, and names the files", async () => {
  const { code, stdout } = await compareIn((folder) => [`${folder}/a.json`, `${folder}/b.json`]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "a.json: resnet18");
  assertStringIncludes(stdout, "WORSE");
});

Deno.test("compareCommand() names a results file that is missing, also where its output is a file", async () => {
  const { code, stderr, written } = await compareIn((f) => [`${f}/a.json`, `${f}/typo.json`, "-o", `${f}/out.csv`]);
  assertEquals([code, written], [2, null]);
  assertStringIncludes(stderr, 'typo.json" as there must be a file that can be read: there is none');
});

Deno.test("compareCommand() recognises a run that is compared with itself", async () => {
  const { code, stdout } = await compareIn((folder) => [`${folder}/a.json`, `${folder}/a.json`]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, "The same run twice");
});

Deno.test("compareCommand() holds each file against the first, in one family", async () => {
  const files = (folder: string) => ["a", "b", "b"].map((name) => `${folder}/${name}.json`);
  const { stdout } = await compareIn((folder) => [...files(folder), "--format", "json"]);
  const { kind, comparisons } = JSON.parse(stdout);
  assertEquals([kind, comparisons.length], ["comparison", 2]);
  const compared = comparisons[0].figures.filter(({ difference }: { difference: unknown }) => difference !== null);
  assertEquals(comparisons[0].family, 2 * compared.length);
});

Deno.test("compareCommand() writes CSV by the ending of its output", async () => {
  const { code, stdout, written } = await compareIn((f) => [`${f}/a.json`, `${f}/b.json`, "--output", `${f}/out.csv`]);
  assertEquals([code, stdout], [0, ""]);
  const [head, ...rows] = written!.trimEnd().split("\r\n");
  assertEquals(rows.every((row) => row.split(",").length === head!.split(",").length), true);
  assertStringIncludes(written!, ",worse,");
});

Deno.test("compareCommand() writes a page beside the text, or in its place, also of several runs", async () => {
  const files = (folder: string) => ["a", "b", "c"].map((name) => `${folder}/${name}.json`);
  const beside = await compareIn((f) => [...files(f).slice(0, 2), "--report", `${f}/out.html`], "out.html");
  assertEquals([beside.code, beside.stdout.includes("WORSE")], [0, true]);
  assertStringIncludes(beside.stderr, "The report is in ");
  assertStringIncludes(beside.written!, "<h1>b against a</h1>");
  const alone = await compareIn((f) => [...files(f), "--output", `${f}/out.html`], "out.html");
  assertEquals([alone.code, alone.stdout], [0, ""]);
  assertStringIncludes(alone.written!, "<h1>b, c against a</h1>");
});

Deno.test("compareCommand() refuses what it cannot compare, with one message", async () => {
  const cases: [args: (folder: string) => string[], words: string][] = [
    [() => [], "at least two results files: found none"],
    [(f) => [`${f}/a.json`], "at least two results files: found one"],
    [(f) => [`${f}/a.json`, `${f}/none.json`], "there must be a file that can be read: there is none"],
    [(f) => [`${f}/a.json`, f], "there must be a file that can be read"],
    [(f) => [`${f}/a.json`, `${f}/other.json`], "schemaVersion must be 2: current value is undefined"],
    [(f) => [`${f}/a.json`, `${f}/b.json`, "--format", "xml"], '"--format" must be one of text, json, csv, md, html'],
    [(f) => [`${f}/a.json`, `${f}/b.json`, "--report", `${f}/a.json`], "must be a file that ends in .html"],
    [(f) => [`${f}/a.json`, `${f}/b.json`, "--formt", "csv"], '"--formt" is no option'],
    [(f) => [`${f}/a.json`, `${f}/b.json`, "--output", `${f}/no/c.csv`], "its folder must exist"],
  ];
  for (const [args, words] of cases) {
    const { code, stdout, stderr } = await compareIn(args);
    assertEquals([code, stdout], [2, ""], stderr);
    assertStringIncludes(stderr, words);
  }
});
