import { assertEquals } from "@std/assert";
import { joinedRows, PrefixCache } from "../../../src/embedded/language/prefix_cache.ts";
import { LLAMA } from "../../../src/embedded/language/llama.ts";

const ROW = LLAMA.keyHeads * LLAMA.headWidth;
const promptOf = (length: number, first = 0) => Array.from({ length }, (_, i) => i === 0 ? first : i);
const rowsOf = (tokens: number) => [new Float32Array(tokens * ROW).map((_, i) => Math.floor(i / ROW))];

Deno.test("PrefixCache knows whole blocks of a beginning, and never the last token", () => {
  const cache = new PrefixCache();
  assertEquals(cache.find(promptOf(40)).tokens, 0);
  cache.keep(promptOf(40), rowsOf(40));
  assertEquals(cache.find(promptOf(40)).tokens, 32);
  assertEquals(cache.find(promptOf(33)).tokens, 32);
  assertEquals(cache.find(promptOf(32)).tokens, 16);
  assertEquals(cache.find(promptOf(100)).tokens, 32);
  assertEquals(cache.find(promptOf(40, 9)).tokens, 0);
  const known = cache.find(promptOf(100));
  assertEquals(joinedRows(known, [new Float32Array(68 * ROW)])[0]!.length, 100 * ROW);
  assertEquals(known.rows[0]!.at(-1), 31);
});

Deno.test("PrefixCache forgets what was not used for longest", () => {
  const cache = new PrefixCache();
  for (let first = 0; first < 20; first++) {
    cache.keep(promptOf(1024, first), rowsOf(1));
    // The first is used all along.
    cache.find(promptOf(1024, 0));
  }
  assertEquals([0, 1, 19].map((first) => cache.find(promptOf(1024, first)).tokens), [1008, 0, 1008]);
});
