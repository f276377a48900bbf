import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { growthVerdict } from "../../../src/stats/trend/growth_verdict.ts";
import { memoryStair } from "../../../src/stats/trend/memory_stair.ts";

const MB = 2 ** 20;
/** 8 s of a server of 100 requests a second, read every 200 ms. */
const REQUESTS = Array.from({ length: 41 }, (_, i) => 20 * i);

function soak(taken: (requests: number) => number, noise = 0.05 * MB) {
  const random = seededRandom(1);
  return growthVerdict(REQUESTS, REQUESTS.map((n) => 500 * MB + taken(n) + noise * (random() - 0.5)));
}

Deno.test("growthVerdict() does not call segments that an allocator took for good a growth", () => {
  const once = soak((n) => n > 300 ? 16 * MB : 0);
  assertEquals(once.verdict, "cannot tell");
  assert(once.bytesPerRequest.low! <= 0 && once.bytesPerRequest.high! >= 0);
  assertEquals(soak((n) => 4 * MB * [50, 120, 500].filter((at) => n > at).length).verdict, "cannot tell");
  const faster = [20, 40, 60, 90, 130, 200, 300, 460];
  assertEquals(soak((n) => 4 * MB * faster.filter((at) => n > at).length).verdict, "cannot tell", "it comes to an end");
});

Deno.test("growthVerdict() tells a leak through the steps of an allocator, and its interval holds what one step hides", () => {
  for (const step of [MB, 2 * MB]) {
    const { verdict, bytesPerRequest: { low, high } } = soak((n) => Math.ceil(20_480 * n / step) * step);
    assertEquals(verdict, "growing");
    assert(low! <= 20_480 && high! >= 20_480 && high! - low! > 0.03 * 20_480);
  }
});

Deno.test("memoryStair() is none where memory falls as it rises, or does not move", () => {
  assertEquals(memoryStair(REQUESTS, REQUESTS.map(() => 5e8)), null);
  assertEquals(memoryStair(REQUESTS, REQUESTS.map((n) => 5e8 + (n === 200 ? 64e6 : 0))), null, "a spike");
});
