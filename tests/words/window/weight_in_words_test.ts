import { assertEquals, assertStringIncludes } from "@std/assert";
import { levelTitle } from "../../../src/plot/kit/level_title.ts";
import { UNITS } from "../../../src/words/quantity.ts";
import { weightInWords } from "../../../src/words/window/weight_in_words.ts";
import { distribution, estimate } from "../../core/estimates.ts";

const rate = { ...estimate(80, 4), weight: 159.9 };
const latency = distribution(20, 696);
const weighed = { ...latency, mean: { ...latency.mean, weight: 1.2 } };

Deno.test("weightInWords() tells of latency and rate what is known, and rounds down", () => {
  assertEquals(weightInWords(weighed, rate), "latency weighs like 1 independent request of 696, the rate like 159");
  assertEquals(
    weightInWords({ ...weighed, mean: { ...weighed.mean, weight: 0.2 } }, null)?.includes("less than 1"),
    true,
  );
  assertEquals(weightInWords(latency, estimate(80, 4)), null, "files of before do not know it");
});

Deno.test("a mark of a level says what its figures weigh", () => {
  const title = levelTitle("batch 4", { latencyMs: weighed }, rate, UNITS.requestsPerSecond);
  assertStringIncludes(title, "latency weighs like 1 independent request of 696, the rate like 159");
});
