import { assert, assertEquals } from "@std/assert";
import { goOnInWords } from "../../../src/cli/resume/go_on.ts";

const BROKEN = { partial: "interrupted", asked: { tests: "basic" } } as const;
const TO_FILE = { format: "json", output: "r.json", samples: null, testType: "comprehensive" } as const;
const ARGV = ["--test-type", "comprehensive", "--quick", "--output", "r.json"];

Deno.test("goOnInWords() gives the command that goes on, with the file that it writes to", () => {
  const line = "Go on with: deno task comprehensive --quick --resume r.json";
  assertEquals(goOnInWords(BROKEN, TO_FILE, ARGV, "r.json"), line);
  const again = ["--test-type=comprehensive", "--quick", "--resume=r.json"];
  assertEquals(goOnInWords(BROKEN, TO_FILE, again, "r.json"), line);
});

Deno.test("goOnInWords() names the file that was written last", () => {
  const argv = ["--test-type", "comprehensive", "--resume", "a.json", "--output", "b.json"];
  const line = "Go on with: deno task comprehensive --resume b.json";
  assertEquals(goOnInWords(BROKEN, { ...TO_FILE, output: "b.json" }, argv, "b.json"), line);
});

Deno.test("goOnInWords() copies no command that is masked or too long for a line", () => {
  for (const more of [["--header", "Authorization: Bearer abc"], ["--url", `http://${"a".repeat(60)}`]]) {
    const words = goOnInWords(BROKEN, TO_FILE, [...ARGV, ...more], "r.json")!;
    assertEquals(words, "Go on with the same command and\n--resume r.json");
  }
});

Deno.test("goOnInWords() says what it takes where nothing was kept in a file", () => {
  for (const format of ["json", "text"] as const) {
    const words = goOnInWords(BROKEN, { ...TO_FILE, output: null, format }, ARGV, null)!;
    assert(words.split("\n").every(({ length }) => length <= 80), words);
    assert(words.includes(format === "json" ? "--resume FILE" : "--output FILE.json"), words);
  }
});

Deno.test("goOnInWords() says nothing of a run that is whole, or of one test", () => {
  assertEquals(goOnInWords({ ...BROKEN, partial: null }, TO_FILE, ARGV, "r.json"), null);
  assertEquals(goOnInWords(BROKEN, { ...TO_FILE, testType: "basic" }, ARGV, "r.json"), null);
});

Deno.test("goOnInWords() asks for another file of samples: a run that goes on refuses the one that is there", () => {
  const samples = "s.csv", argv = [...ARGV, "--samples", samples];
  const same = "Go on with the same command, another file for --samples and\n";
  assertEquals(goOnInWords(BROKEN, { ...TO_FILE, samples }, argv, "r.json"), `${same}--resume r.json`);
  const toStdout = { ...TO_FILE, output: null, samples };
  assertEquals(goOnInWords(BROKEN, toStdout, argv, null), `${same}--resume FILE, these results being in FILE.`);
});
