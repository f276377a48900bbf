import { assertEquals } from "@std/assert";
import { observeVirtually } from "../calibrate.ts";
import type { Observation } from "../observation.ts";
import { scoresOf } from "../score.ts";
import { shortfalls } from "../shortfalls.ts";
import type { ScoredScenario } from "../table.ts";
import { STREAM_SCENARIOS } from "./stream_scenarios.ts";

/** Streams take an event for each token: some scenarios stand for all, and `deno task dev:calibrate` runs every one. */
const SAMPLE = ["steady", "fours", "single-tokens", "batch", "batch-80-percent"].map((name) => `stream-${name}`);
const SEEDS = 3;

Deno.test("figures of streamed answers hold against servers of known behaviour", async () => {
  const scored: ScoredScenario[] = [];
  for (const scenario of STREAM_SCENARIOS.filter(({ name }) => SAMPLE.includes(name))) {
    const observations: Observation[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) observations.push(...await observeVirtually(scenario, seed));
    scored.push({ scenario, scores: scoresOf(observations) });
  }
  assertEquals(scored.length, SAMPLE.length);
  assertEquals(shortfalls(scored), []);
});
