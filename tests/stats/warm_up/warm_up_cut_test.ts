import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { warmUpCut } from "../../../src/stats/warm_up/warm_up_cut.ts";

/** Lognormal latencies around 10 ms, each like the one before by `likeness`. */
function latencies(seed: number, n: number, likeness: number): number[] {
  const random = seededRandom(seed);
  let z = 0;
  return Array.from({ length: n }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    z = likeness * z + Math.sqrt(1 - likeness ** 2) * normal;
    return 10 * Math.exp(0.3 * z);
  });
}

const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);

Deno.test("warmUpCut() cuts nothing from a steady server, independent or in runs", () => {
  for (const likeness of [0, 0.8]) {
    const cuts = SEEDS.filter((seed) => warmUpCut(latencies(seed, 400, likeness)) > 0);
    assert(cuts.length <= 6, `${cuts.length} of ${SEEDS.length} series with likeness ${likeness}`);
  }
});

Deno.test("warmUpCut() never hides a stall, however soon it comes", () => {
  for (const seed of SEEDS) {
    const at = seed % 40;
    const cut = warmUpCut(latencies(seed, 100, 0).map((x, i) => i === at ? 2000 : x));
    assert(cut <= at, `a stall at ${at} was cut with the first ${cut}, seed ${seed}`);
  }
});

Deno.test("warmUpCut() finds a warm-up of fifty requests in noise", () => {
  const cuts = SEEDS.map((seed) => warmUpCut(latencies(seed, 300, 0).map((x, i) => x * Math.max(1, 4 - 3 * i / 50))));
  assert(cuts.filter((cut) => cut >= 30).length >= 0.95 * SEEDS.length, String(cuts));
});

Deno.test("warmUpCut() has nothing to cut of too few", () => {
  assertEquals([[], [1], [9, 1, 1, 1]].map((series) => warmUpCut(series)), [0, 0, 0]);
});
