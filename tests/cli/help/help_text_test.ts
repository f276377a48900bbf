import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXIT_CODE_MEANINGS } from "../../../src/cli/terminal/exit_code.ts";
import { fullHelp } from "../../../src/cli/help/full_help.ts";
import { helpText } from "../../../src/cli/help/help_text.ts";
import { optionsMarkdown } from "../../../src/cli/help/options_markdown.ts";
import { OPTIONS } from "../../../src/cli/options/options.ts";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";
import { TEST_NAMES } from "../../../src/measure/settings/setting.ts";

/** The command line of an example, as a shell and the task give it. */
function argvOf(example: string): string[] {
  const [, , task, ...argv] = example.trim().replaceAll("'", "").split(" ");
  return task === "run" ? argv : ["--test-type", task!, ...argv];
}

const examplesIn = (help: string) =>
  help.split("\n").filter((line) => /^ {2}deno task [a-z]/.test(line) && !line.includes("--help"));

Deno.test("every help fits in 80 columns, ends its last line and has examples that the command line takes", () => {
  for (const help of [fullHelp(), helpText(null), ...TEST_NAMES.map(helpText)]) {
    const lines = help.split("\n");
    assertEquals(lines.filter((line) => line.length > 80 || line.trimEnd() !== line), []);
    assertEquals(lines.at(-1), "");
    const examples = examplesIn(help);
    assert(examples.length >= 3, help);
    for (const example of examples) assert(parseCommandLine(argvOf(example), () => "token").kind !== "help", example);
  }
});

Deno.test("fullHelp() and optionsMarkdown() name every option, bound and exit code", () => {
  const help = fullHelp();
  const oneLine = help.replace(/\s+/g, " ");
  for (const { name, value } of OPTIONS) {
    assertStringIncludes(help, `--${name}`);
    assertStringIncludes(optionsMarkdown(), `\`--${name}`);
    if (value.bounds !== undefined) assertStringIncludes(oneLine, `(${value.bounds})`);
  }
  for (const { code, meaning } of EXIT_CODE_MEANINGS) assertStringIncludes(oneLine, ` ${code} ${meaning}`);
});

Deno.test("helpText() of a test names the options that it takes, no other, and three examples of it", () => {
  for (const test of TEST_NAMES) {
    const help = helpText(test);
    const named = new Set(help.split("Examples\n")[1]!.split("\n\n").slice(1, -1).join("\n").match(/--[a-z][a-z-]+/g));
    for (const { name, tests, group } of OPTIONS) {
      if (group === "Instead of a test" || name === "test-type") continue;
      const isTaken = tests?.includes(test) ?? true;
      // A description may name another option; a row of its own, or its place in the list, is what counts.
      if (isTaken) assert(named.has(`--${name}`), `${test} lacks --${name}`);
      else assert(!new RegExp(`^  --${name}\\b(?!-)`, "m").test(help), `${test} has --${name}`);
    }
    const examples = examplesIn(help);
    assertEquals(examples.filter((example) => example.startsWith(`  deno task ${test} `)).length, 3);
  }
});

Deno.test("helpText() says the defaults of its test alone", () => {
  const defaults = (help: string) =>
    /--duration SECONDS.*?\[default:\s+([^\]]*)\]/s.exec(help)![1]!.replace(/\s+/g, " ");
  assertEquals(defaults(helpText("load")), "5, with --quick 1.5");
  assertEquals(defaults(helpText("basic")), "8, with --quick 1.2; for basic at a rate as for load");
  assertEquals(defaults(helpText("latency")), "8, with --quick 1.2");
  assertEquals(defaults(helpText("ab")), "half a second a visit");
});

Deno.test("helpText() of a test speaks of no other in what it says of options, and has no heading without lines", () => {
  for (const test of TEST_NAMES) {
    const help = helpText(test);
    assertEquals(/\bab (twice|the|half)/.test(help.replace(/\s+/g, " ")), test === "ab", test);
    assertEquals(/\n\n[A-Z][^\n]*\n(\n|$)/.test(help.slice(help.indexOf("Usage:"))), false, test);
  }
});

Deno.test("optionsMarkdown() has three cells in every row", () => {
  const rows = optionsMarkdown().split("\n").filter((line) => line.startsWith("|"));
  assert(rows.length > OPTIONS.length);
  assertEquals(rows.filter((row) => row.split(/(?<!\\)\|/).length !== 5), []);
});
