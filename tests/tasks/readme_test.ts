import { assertEquals } from "@std/assert";
import { optionsMarkdown } from "../../src/cli/commands/help.ts";
import { README } from "../../tasks/readme.ts";

/** Table cells without the blanks that the formatter adds. */
const cells = (markdown: string) =>
  markdown.split("\n").filter((line) => line.startsWith("|") && !/^[|\s:-]+$/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));

Deno.test("README.md lists the options that there are: `deno task readme` brings it up to date", async () => {
  const text = await Deno.readTextFile(README);
  const table = text.slice(text.indexOf("<!-- options:begin -->"), text.indexOf("<!-- options:end -->"));
  assertEquals(cells(table), cells(optionsMarkdown()));
});
