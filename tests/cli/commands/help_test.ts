import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXIT_CODE_MEANINGS } from "../../../src/cli/terminal/exit_code.ts";
import { helpText, optionsMarkdown } from "../../../src/cli/commands/help.ts";
import { OPTIONS } from "../../../src/cli/options/options.ts";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";

Deno.test("helpText() fits in 80 columns and ends its last line", () => {
  const lines = helpText().split("\n");
  assertEquals(lines.filter((line) => line.length > 80), []);
  assertEquals(lines.filter((line) => line.trimEnd() !== line), []);
  assertEquals(lines.at(-1), "");
});

Deno.test("helpText() and optionsMarkdown() name every option, bound and exit code", () => {
  const help = helpText();
  const oneLine = help.replace(/\s+/g, " ");
  for (const { name, value } of OPTIONS) {
    assertStringIncludes(help, `--${name}`);
    assertStringIncludes(optionsMarkdown(), `\`--${name}`);
    if (value.bounds !== undefined) assertStringIncludes(oneLine, `(${value.bounds})`);
  }
  for (const { code, meaning } of EXIT_CODE_MEANINGS) assertStringIncludes(oneLine, ` ${code} ${meaning}`);
});

Deno.test("helpText() gives examples that the command line takes", () => {
  const examples = helpText().split("Examples\n")[1]!.trim().split("\n");
  assertEquals(examples.length, 5);
  for (const example of examples) {
    const [, , task, ...argv] = example.trim().replaceAll("'", "").split(" ");
    const all = task === "run" ? argv : ["--test-type", task!, ...argv];
    assert(parseCommandLine(all, () => "token").kind !== "help", example);
  }
});

Deno.test("optionsMarkdown() has three cells in every row", () => {
  const rows = optionsMarkdown().split("\n").filter((line) => line.startsWith("|"));
  assert(rows.length > OPTIONS.length);
  assertEquals(rows.filter((row) => row.split(/(?<!\\)\|/).length !== 5), []);
});
