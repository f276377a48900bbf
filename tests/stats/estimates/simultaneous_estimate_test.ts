import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { simultaneousEstimate } from "../../../src/stats/estimates/simultaneous_estimate.ts";

Deno.test("simultaneousEstimate() holds the truth of the luckiest of six equal levels, which its own interval does not", () => {
  const random = seededRandom(3);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let own = 0, together = 0;
  for (let run = 0; run < 2000; run++) {
    const values = Array.from({ length: 6 }, () => 100 + 5 * normal());
    const value = Math.max(...values);
    const estimate = { value, low: value - 1.96 * 5, high: value + 1.96 * 5, level: 0.95, n: 30 };
    const holds = ({ low, high }: { low: number | null; high: number | null }) => low! <= 100 && 100 <= high!;
    if (holds(estimate)) own++;
    if (holds(simultaneousEstimate(estimate, 6))) together++;
  }
  assert(own < 0.9 * 2000, `${own} of 2000`);
  assert(together > 0.96 * 2000, `${together} of 2000`);
});

Deno.test("simultaneousEstimate() leaves an only candidate and unknown ends as they are", () => {
  const open = { value: 10, low: 9, high: null, level: 0.95, n: 3 };
  assertEquals(simultaneousEstimate(open, 1), open);
  assertEquals(simultaneousEstimate(open, 4).high, null);
});
