import { assert, assertStringIncludes } from "@std/assert";
import { plotLoad } from "../../src/plot/load.ts";
import { runLoadTest } from "../../src/test_types/load/load.ts";
import { simulateTest } from "../measure/simulation.ts";

const twoWorkers = { fate: () => ({ serviceMs: 20 }), workers: 2 };

Deno.test("plotLoad() says what the server kept up with, and marks it", async () => {
  const result = await simulateTest(runLoadTest, { rates: [40, 80, 160], arrivals: "constant" }, twoWorkers);
  const { svg, description } = plotLoad(result);
  assertStringIncludes(description, "kept up with");
  for (const word of ["offered (requests/s)", "requests/s", "sustained", "saturated", "p95"]) {
    assertStringIncludes(svg, word);
  }
});

Deno.test("plotLoad() draws something true of one rate, of none, and where nothing succeeds", async () => {
  const one = await simulateTest(runLoadTest, { rates: [40] }, twoWorkers);
  assertStringIncludes(plotLoad(one).svg, "sustained");
  assertStringIncludes(plotLoad({ ...one, levels: [] }).svg, "No rate was offered");
  const dead = await simulateTest(runLoadTest, { rates: [40] }, { fate: () => ({ failure: "status", afterMs: 1 }) });
  const { svg } = plotLoad(dead);
  assertStringIncludes(svg, "No request succeeded");
  assert(!/NaN|Infinity/.test(svg));
});
