import { assertEquals, assertThrows } from "@std/assert";
import { flagsOf, flagWordsIn } from "../../../tasks/house/flag_words.ts";

const FLAGS = new Set(["--url", "--input-data", "--format"]);
const found = (source: string, path = "src/load/a.ts") =>
  flagWordsIn({ path, source }, FLAGS).map(({ line, message }) => `${line} ${/--.*/.exec(message)![0]}`);

Deno.test("flagWordsIn() finds flags in strings and templates, each with its line", () => {
  assertEquals(found('a;\nb("Give --input-data FILE or --url URL.");'), ["2 --input-data", "2 --url"]);
  assertEquals(found("a(`\n${b}\n--url=${c}\n`);"), ["3 --url"]);
});

Deno.test("flagWordsIn() finds nothing in comments, other programs' flags and longer words", () => {
  const sources = [
    '/** Bounded by `--url`. */ // "--url"',
    'run(["--allow-net", "--quiet"]);',
    "`:root { --url-color: red; color: var(--url-color) }`;",
    'a("--- url ---");',
  ];
  for (const source of sources) assertEquals(found(source), [], source);
});

Deno.test("flagWordsIn() lets the command line, other programs and files outside of src/ write flags", () => {
  for (const path of ["src/cli/main.ts", "src/observe/gpu/nvidia_smi.ts", "tasks/serve.ts", "mod.ts"]) {
    assertEquals(found('a("--format");', path), [], path);
  }
});

Deno.test("flagsOf() throws when the text lists no options", () => {
  assertThrows(() => flagsOf("# torchgauge"), TypeError, "README.md must list the options: found none");
});
