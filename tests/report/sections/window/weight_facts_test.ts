import { assert, assertEquals } from "@std/assert";
import type { Distribution, Estimate } from "../../../../src/core/estimate.ts";
import { weightFacts } from "../../../../src/report/sections/window/weight_facts.ts";

const known = (n: number, weight: number): Estimate => ({ value: 20, low: 15, high: 25, level: 0.95, n, weight });

function latency(n: number, weight: number, open: readonly ("mean" | "p50" | "p95" | "p99")[] = []): Distribution {
  const of = (name: "mean" | "p50" | "p95" | "p99") => ({
    ...known(n, weight),
    ...(open.includes(name) ? { high: null } : {}),
  });
  return {
    n,
    min: 1,
    mean: of("mean"),
    p50: of("p50"),
    p90: known(n, weight),
    p95: of("p95"),
    p99: of("p99"),
    max: 90,
  };
}

function said(latencyMs: Distribution | null): string {
  return weightFacts({ latencyMs, requestsPerSecond: known(800, 780), durationMs: 5000 }).map((each) =>
    JSON.stringify(each)
  )
    .join();
}

Deno.test("weightFacts() says how many independent requests a latency weighs like, and how long would tell", () => {
  const words = said(latency(800, 9, ["p95"]));
  assert(words.includes("latency weighs like 9 independent requests of 800, the rate like 780"), words);
  assert(
    words.includes("enough would be about 40.0 s for p95") || words.includes("enough would be about 40 s for p95"),
    words,
  );
});

Deno.test("weightFacts() says how many requests would tell where they are independent", () => {
  const words = said(latency(20, 20, ["p95"]));
  assert(words.includes("enough would be about 80 requests for p95"), words);
});

Deno.test("weightFacts() promises no longer run where the server may be at its limit", () => {
  assert(said(latency(800, 0, ["mean"])).includes("nor would a run of a sensible length tell more"));
});

Deno.test("weightFacts() is silent where requests are independent and every end is known, and of versions that knew no weight", () => {
  assertEquals(said(latency(800, 790)), "");
  assertEquals(said(null), "");
  const { weight: _, ...mean } = known(800, 9);
  assertEquals(said({ ...latency(800, 9), mean }), "");
});
