import { assertEquals } from "@std/assert";
import { optionsMarkdown } from "../../src/cli/help/options_markdown.ts";
import { TEST_NAMES } from "../../src/measure/settings/setting.ts";
import { EXAMPLE, README, withPart } from "../../tasks/readme.ts";
import { SCENARIOS } from "../calibration/scenarios.ts";

/** Table cells without the blanks that the formatter adds. */
const cells = (markdown: string) =>
  markdown.split("\n").filter((line) => line.startsWith("|") && !/^[|\s:-]+$/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));

Deno.test("README.md lists the options that there are: `deno task dev:readme` brings it up to date", async () => {
  const text = await Deno.readTextFile(README);
  const table = text.slice(text.indexOf("<!-- options:begin -->"), text.indexOf("<!-- options:end -->"));
  assertEquals(cells(table), cells(optionsMarkdown()));
});

Deno.test("README.md shows the answer of the run that src/report/EXAMPLE.md shows whole", async () => {
  const partOf = async (path: string, name: string) => {
    const text = await Deno.readTextFile(path);
    return text.slice(text.indexOf(`<!-- ${name}:begin -->`), text.indexOf(`<!-- ${name}:end -->`))
      .split("```text\n")[1]!.split("```")[0]!;
  };
  const run = await partOf(EXAMPLE, "run");
  assertEquals(await partOf(README, "answer"), run.slice(run.indexOf("🎯")));
});

Deno.test("README.md has a place for the figures of the benchmark, which `deno task dev:readme --bench` fills", async () => {
  const text = withPart(await Deno.readTextFile(README), "bench", "the table");
  assertEquals(text.includes("<!-- bench:begin -->\n\nthe table\n\n<!-- bench:end -->"), true);
});

Deno.test("README.md has a place for the totals of the faults, which `deno task dev:readme --faults` fills", async () => {
  const text = withPart(await Deno.readTextFile(README), "faults", "the table");
  assertEquals(text.includes("<!-- faults:begin -->\n\nthe table\n\n<!-- faults:end -->"), true);
});

Deno.test("README.md has a row for each test, and knows how many scenarios calibrate them", async () => {
  const text = await Deno.readTextFile(README);
  const rows = cells(text.slice(text.indexOf("## The tests"), text.indexOf("## How to read"))).slice(1);
  assertEquals(rows.map(([, test]) => test!.replaceAll("`", "")).sort(), [...TEST_NAMES].sort());
  assertEquals(text.match(/\d+(?=\s+scenarios)/g), [String(SCENARIOS.length)]);
});
