import { assert, assertAlmostEquals, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { observeVirtually } from "../calibrate.ts";
import type { Observation } from "../observation.ts";
import { scoresOf } from "../score.ts";
import { shortfalls } from "../shortfalls.ts";
import type { ScoredScenario } from "../table.ts";
import { observeStreams, startStreamServer } from "./real_streams.ts";
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

Deno.test("streams over sockets are held against what their server means to do and how late it was", async () => {
  const told = await observeStreams(
    { firstMs: 20, tokenMs: 4, tokens: [4, 4] },
    { concurrency: 2 },
    { firstMs: 1000, tokenMs: 1000 },
    1,
  );
  const number = (name: string) => told.find((one) => one.name === name) as Extract<Observation, { kind: "number" }>;
  // A machine may be late, and says so.
  assertGreaterOrEqual(number("mean first token").truth, 20);
  assertEquals(number("goodput").truth, number("streams/s").truth);
  for (const name of ["mean first token", "mean output token"]) {
    const { truth, estimate } = number(name);
    assert(
      estimate !== null && estimate.value > 0.5 * truth && estimate.value < 2 * truth,
      `${name}: ${estimate?.value}`,
    );
  }
});

Deno.test("a server of streams plans each token from where the last was planned, however late that was", async () => {
  await using server = await startStreamServer({ firstMs: 5, tokenMs: 2, tokens: [40, 40] }, 1);
  const ask = async () => await (await fetch(`${server.url}/v1/chat/completions`, { method: "POST" })).text();
  await Promise.all([ask(), ask(), ask()]);
  const answers = await server.log();
  assertEquals(answers.length, 3);
  for (const { firstMs, lastMs, latenessesMs } of answers) {
    assertEquals(latenessesMs.length, 40);
    assertAlmostEquals(lastMs - latenessesMs.at(-1)! - (firstMs - latenessesMs[0]!), 39 * 2, 1e-6);
    assert(latenessesMs.every((ms) => ms >= 0), "nothing is written before it was planned");
  }
});
