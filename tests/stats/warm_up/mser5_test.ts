import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { seededRandom } from "../../../src/core/random.ts";
import { mser5 } from "../../../src/stats/warm_up/mser5.ts";
import { normal, times } from "../estimates/simulate.ts";

/** The definition, term by term. */
function oracle(series: readonly number[]): number {
  const batches = times(Math.floor(series.length / 5), (b) => {
    return series.slice(5 * b, 5 * b + 5).reduce((sum, x) => sum + x, 0) / 5;
  });
  let best = 0, least = Infinity;
  for (let cut = 0; cut <= batches.length / 2; cut++) {
    const rest = batches.slice(cut);
    if (rest.length === 0) break;
    const mean = rest.reduce((sum, x) => sum + x, 0) / rest.length;
    const error = rest.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rest.length ** 2;
    if (error < least) [best, least] = [cut, error];
  }
  return 5 * best;
}

Deno.test("mser5() is the cut of least squared standard error", () => {
  const series = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 0, maxLength: 120 });
  // Values far enough apart that rounding does not decide between two cuts.
  fc.assert(fc.property(series, (values) => {
    const distinct = values.map((x, i) => x + Math.sqrt(i) / 7);
    assertEquals(mser5(distinct), oracle(distinct));
  }));
});

Deno.test("mser5() cuts a transient and nothing but it", () => {
  const random = seededRandom(1);
  const warmsUp = times(400, (i) => 10 + 40 * Math.exp(-i / 8) + normal(random));
  const cut = mser5(warmsUp);
  assert(cut >= 15 && cut <= 60, `cut ${cut}`);
});

Deno.test("mser5() cuts nothing from a constant or a short series, and at most half from any", () => {
  assertEquals(mser5(times(100, () => 3)), 0);
  assertEquals(mser5([9, 1, 1, 1]), 0);
  fc.assert(fc.property(fc.array(fc.integer()), (values) => mser5(values) <= values.length / 2));
});
