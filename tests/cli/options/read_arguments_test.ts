import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Given } from "../../../src/cli/options/given.ts";
import type { OptionSpec } from "../../../src/cli/options/option.ts";
import { choice, FLAG, text } from "../../../src/cli/options/option_values.ts";
import { readArguments } from "../../../src/cli/options/read_arguments.ts";
import { UsageError } from "../../../src/core/errors.ts";

const TABLE = [
  { group: "Options", name: "output", short: "o", value: text("FILE"), description: "Where" },
  { group: "Options", name: "format", value: choice("FORMAT", ["text", "json"]), description: "How" },
  { group: "Options", name: "quiet", short: "q", value: FLAG, description: "Say nothing" },
] as const satisfies readonly OptionSpec[];

const read = (...argv: string[]) => new Given<typeof TABLE[number]>(TABLE, readArguments(argv, TABLE, true));

Deno.test("readArguments() takes options of any table, by name or letter, and what stands beside them", () => {
  for (const output of [["--output", "b"], ["--output=b"], ["-o", "b"], ["-o=b"]]) {
    const given = read("1.json", ...output, "--format", "json", "-q", "c.json");
    assertEquals(given.operands, ["1.json", "c.json"]);
    assertEquals([given.get("output"), given.get("format"), given.get("quiet")], ["b", "json", true]);
  }
  const none = read();
  assertEquals([none.operands, none.specs, none.get("output"), none.has("quiet")], [[], [], undefined, false]);
});

Deno.test("readArguments() refuses what is no option of the table, and what is there twice", () => {
  const refused: [argv: string[], words: string, hint: string][] = [
    [["--outptu", "b"], '"--outptu" is no option', "Did you mean --output?"],
    [["--url", "http://h"], '"--url" is no option', "See --help"],
    [["-x"], '"-x" is no option', "See --help"],
    [["-o", "a", "--output", "b"], '"--output" must be given once', "Leave all but one out."],
    [["--format", "xml"], '"--format" must be one of text, json: current value is "xml"', "Write --format FORMAT."],
    [["-o", "", "a", "b"], '"--output" must have a value: there is none', "Write --output FILE."],
    [["a", "-o", ""], '"--output" must have a value: there is none', "Write --output FILE."],
  ];
  for (const [argv, words, hint] of refused) {
    const error = assertThrows(() => read(...argv).checkValues(), UsageError);
    assertStringIncludes(error.message, words);
    assertStringIncludes(error.hint ?? "", hint);
  }
  const stray = assertThrows(() => readArguments(["a"], TABLE), UsageError);
  assertStringIncludes(stray.message, 'must belong to an option: found "a"');
});
