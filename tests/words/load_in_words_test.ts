import { assertEquals, assertNotEquals } from "@std/assert";
import { tracePattern } from "../../src/measure/window/arrivals_of.ts";
import { arrivalsInWords, loadInWords, patternInWords } from "../../src/words/load_in_words.ts";

Deno.test("loadInWords() says of a ramp from where to where, and of a trace how long it is", () => {
  const open = { kind: "open", maxConnections: 8, batchSize: 1 } as const;
  assertEquals(
    loadInWords({ ...open, arrivals: { kind: "ramp", fromPerSecond: 5, toPerSecond: 50 } }),
    "open loop, a ramp from 5 to 50\u00a0req/s, batch size 1",
  );
  assertEquals(
    loadInWords({ ...open, arrivals: tracePattern([0, 5]) }),
    "open loop, a trace of 2 requests, batch size 1",
  );
});

Deno.test("patternInWords() tells two traces of as many requests apart", () => {
  const [one, other] = [tracePattern([0, 5]), tracePattern([0, 6])];
  assertEquals(arrivalsInWords(one), arrivalsInWords(other));
  assertNotEquals(patternInWords(one), patternInWords(other));
});
