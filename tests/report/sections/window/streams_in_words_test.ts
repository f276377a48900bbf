import { assertEquals } from "@std/assert";
import {
  finishesInWords,
  ownCountInWords,
  tokenSourceInWords,
  whyNoTokens,
} from "../../../../src/report/sections/window/streams_in_words.ts";

const ALL = {
  answers: 2,
  tokenSources: { usage: 2 },
  refusedCounts: 0,
  singles: 2,
  finishes: { length: 1 },
  chunks: 12,
  reads: 6,
};
const REFUSED = { ...ALL, tokenSources: { chunks: 2 }, refusedCounts: 2, singles: 0 };

Deno.test("tokenSourceInWords() says what counted, and of how many answers that is not used", () => {
  assertEquals(tokenSourceInWords(ALL), "counted by the server at the end of each answer; each chunk is one");
  assertEquals(
    tokenSourceInWords({ ...ALL, tokenSources: { ids: 1, chunks: 1 }, refusedCounts: 1, singles: 1 }),
    "named one by one by the server (1 of 2 answers); contradictory in 1 of 2 answers, and not used",
  );
  assertEquals(tokenSourceInWords(REFUSED), null);
  assertEquals(finishesInWords(ALL), "length 50.0%");
});

Deno.test("ownCountInWords() holds the counts of a tokenizer against the server's", () => {
  assertEquals(ownCountInWords(ALL), null);
  const ownCounts = { prompts: { answers: 2, own: 80, told: 90 }, outputs: { answers: 2, own: 10, told: 10 } };
  assertEquals(
    ownCountInWords({ ...ALL, ownCounts }),
    "counts 40 tokens a prompt, the server 45; 5 tokens an answer, as the server",
  );
});

Deno.test("whyNoTokens() tells a server that does not count from one whose counts contradict each other", () => {
  assertEquals(whyNoTokens(undefined), "the server does not count tokens");
  assertEquals(whyNoTokens(REFUSED), "the server's counts of tokens contradict each other (2 of 2 answers)");
});
