import { assertEquals } from "@std/assert";
import { plainText } from "../../../src/words/inline.ts";
import { untoldInWords } from "../../../src/words/answer/untold_in_words.ts";

Deno.test("untoldInWords() says what would tell, and what it takes", () => {
  const untold = { level: 8, requests: 72, trialMs: 56_000, quick: true };
  const inWords = (quick: boolean) => plainText(untoldInWords({ ...untold, quick }, (level) => `concurrency ${level}`));
  const takes = "at concurrency 8 it takes 72 requests or more, about 56 s a trial";
  assertEquals(inWords(true), `a test that is not quick tells: ${takes}`);
  assertEquals(inWords(false), `a longer duration tells: ${takes}`);
});
