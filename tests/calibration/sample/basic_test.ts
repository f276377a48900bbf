import { assert, assertEquals } from "@std/assert";
import type { Estimate } from "../../../src/core/estimate.ts";
import { shortfalls } from "../shortfalls.ts";
import { scenariosOf, scoreAll, scoresIn, testSample } from "./sample.ts";

testSample("basic");

Deno.test("level figures are without bias where the server is steady", async () => {
  for (const name of ["steady", "lognormal", "one-worker-queue", "failing-items"]) {
    const score = await scoresIn(name);
    for (const figure of ["requests/s", "mean latency", "p50 latency", "p95 latency"]) {
      const { bias } = score(figure);
      assert(Math.abs(bias!) < 0.03, `${figure} of ${name} is off by ${bias}`);
    }
  }
});

Deno.test("a steady server is not left at cannot tell", async () => {
  assertEquals((await scoresIn("steady"))("converged").missing, 0);
});

Deno.test("shortfalls() sees intervals that are half as wide as they must be", async () => {
  const halved = ({ value }: Estimate, end: number | null) => end === null ? null : value + (end - value) / 2;
  const scored = await scoreAll(scenariosOf("basic"), (observation) => {
    if (observation.kind === "verdict" || observation.estimate === null) return observation;
    const { estimate } = observation;
    const narrow = { ...estimate, low: halved(estimate, estimate.low), high: halved(estimate, estimate.high) };
    return { ...observation, estimate: narrow };
  });
  const found = shortfalls(scored);
  for (const name of ["requests/s", "mean latency"]) {
    assert(found.some((line) => line.startsWith(`basic: ${name}`)), String(found));
  }
});
