import { assertEquals } from "@std/assert";
import type { SampleRow } from "../../../src/core/sample.ts";
import { STREAM_NUMBERS, type StreamRow, TOKEN_SOURCES } from "../../../src/core/stream/stream_row.ts";
import { AnswerTexts } from "../../../src/load/samples/answer_texts.ts";

const BLANK = Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as StreamRow;
const rowOf = (source: (typeof TOKEN_SOURCES)[number], text: string, result: SampleRow["result"] = "success") =>
  ({ result, text, stream: { ...BLANK, tokenSource: TOKEN_SOURCES.indexOf(source) } }) as SampleRow;

Deno.test("texts are kept of answers that nothing counts, and of some that the server does", () => {
  const texts = new AnswerTexts();
  for (let i = 0; i < 1000; i++) texts.add(i, rowOf("usage", "a"));
  assertEquals(texts.all.size, 256);
  texts.add(1000, rowOf("chunks", "b"));
  texts.add(1001, rowOf("chunks", "c", "timeout"));
  texts.add(1002, rowOf("chunks", ""));
  texts.add(2 ** 16, rowOf("chunks", "beyond what is kept"));
  assertEquals([...texts.all.keys()].slice(256), [1000]);
  const long = "x".repeat(2 ** 20);
  for (let i = 2000; i < 2100; i++) texts.add(i, rowOf("chunks", long));
  assertEquals(texts.all.size, 257 + 63);
});
