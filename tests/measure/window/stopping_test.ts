import { assert } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { relativeHalfWidth } from "../../../src/core/estimate.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { simulateTest } from "../simulation.ts";

Deno.test("visitLevel() stops with something to spare, since the first narrow interval is narrow by chance", async () => {
  let stopped = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const result = await simulateTest(runBasicTest, { durationMs: 60_000, seed }, {
      fate: () => ({ serviceMs: 2 - 10 * Math.log(1 - random()) }),
      workers: 2,
    });
    if (!result.converged) continue;
    stopped++;
    const [rate, p95] = [result.requestsPerSecond!, result.latencyMs!.p95].map((e) => relativeHalfWidth(e)!);
    assert(rate! <= 0.0451 && p95! <= 0.0901, `half widths ${rate} and ${p95}, seed ${seed}`);
  }
  assert(stopped === 20, `${stopped} of 20`);
});
