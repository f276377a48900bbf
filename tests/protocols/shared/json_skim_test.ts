import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { JsonSkim } from "../../../src/protocols/shared/json_skim.ts";

const encoder = new TextEncoder(), skim = new JsonSkim();

function isPlain(text: string): boolean {
  skim.begin(encoder.encode(text));
  return skim.value() && skim.isOver();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

Deno.test("JsonSkim takes what JSON is, and nothing else", () => {
  const all = [
    "0",
    "-0",
    "10",
    "-1.50",
    "1e5",
    "1E+05",
    "2.5e-3",
    "true",
    "false",
    "null",
    '""',
    '"a b"',
    "[]",
    "{}",
    " [ 1 , 2 ] ",
    '{"a":{"b":[null]}}',
  ];
  for (const text of all) assert(isPlain(text) && isJson(text), text);
  const none = [
    "",
    "01",
    "-",
    "+1",
    ".5",
    "1.",
    "1e",
    "1e+",
    "NaN",
    "Infinity",
    "tru",
    "nul",
    "nulll",
    '"',
    '"\n"',
    "[1,]",
    "[,1]",
    "[1 2]",
    "{1:2}",
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    "[1]]",
    "1 2",
    "\ufeff1",
    "[1",
    '{"a":1',
    "\u00a01",
    "'a'",
  ];
  for (const text of none) assert(!isPlain(text) && !isJson(text), text);
});

Deno.test("JsonSkim leaves to a parser what is unusual", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  assertEquals([isPlain(nested(8)), isPlain(nested(9))], [true, false]);
  for (const text of ['"\\n"', '"\u00e9"', `[${"[],".repeat(10_000)}1]`]) {
    assert(!isPlain(text) && isJson(text), text.slice(0, 20));
  }
});

Deno.test("JsonSkim tells whole numbers that are exact, and no others", () => {
  for (const [text, whole] of [["7", 7], ["0", 0], ["123456789012345", 123456789012345]] as const) {
    skim.begin(encoder.encode(text));
    assert(skim.number());
    assertEquals(skim.whole, whole);
  }
  for (const text of ["-7", "1.0", "1e2", "1234567890123456"]) {
    skim.begin(encoder.encode(text));
    assert(skim.number());
    assertEquals(skim.whole, NaN, text);
  }
});

Deno.test("JsonSkim takes no text that JSON.parse refuses, of 20,000 that were made wrong at random", () => {
  const random = seededRandom(11);
  const pick = (count: number) => Math.floor(random() * count);
  const parts = [
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    '"a"',
    "1",
    "-",
    "0",
    ".",
    "e",
    "+",
    "true",
    "nul",
    " ",
    "\t",
    "\u00e9",
    "\\",
    '"',
  ];
  const whole = '{"a": [1, -2.5e3, "x", true, null, {"b": []}], "c": {}}';
  let plain = 0;
  for (let i = 0; i < 20_000; i++) {
    const at = pick(whole.length), length = pick(4);
    const text = whole.slice(0, at) + Array.from({ length: pick(3) }, () => parts[pick(parts.length)]).join("") +
      whole.slice(at + length);
    if (!isPlain(text)) continue;
    plain++;
    assert(isJson(text), text);
  }
  assert(plain > 1000, `${plain} were plain`);
});
