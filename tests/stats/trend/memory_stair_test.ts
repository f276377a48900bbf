import { assert, assertEquals, assertLess } from "@std/assert";
import { seededRandom } from "../../../src/core/random.ts";
import { growthVerdict } from "../../../src/stats/trend/growth_verdict.ts";
import { memoryStair } from "../../../src/stats/trend/memory_stair.ts";

const MB = 2 ** 20;
/** 8 s of a server of 100 requests a second, read every 200 ms. */
const REQUESTS = Array.from({ length: 41 }, (_, i) => 20 * i);

function soak(taken: (requests: number) => number, noise = 0.05 * MB) {
  const random = seededRandom(1);
  return growthVerdict(REQUESTS, REQUESTS.map((n) => 500 * MB + taken(n) + noise * (random() - 0.5)))!;
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

Deno.test("memoryStair() shows no steps where memory falls as it rises, or does not move", () => {
  const none = { resolution: 0, isSteady: false };
  assertEquals(memoryStair(REQUESTS, REQUESTS.map(() => 5e8)), none);
  assertEquals(memoryStair(REQUESTS, REQUESTS.map((n) => 5e8 + (n === 200 ? 64e6 : 0))), none, "a spike");
});

/** How many of so many soaks are called growing whose memory comes in segments, with noise as of pages that come and go. */
function growing(taken: (random: () => number) => (requests: number) => number, noise: number, soaks: number): number {
  return Array.from({ length: soaks }, (_, seed) => {
    const random = seededRandom(31 * seed + 1), of = taken(random);
    let z = 0;
    return growthVerdict(
      REQUESTS,
      REQUESTS.map((n) => {
        z = 0.8 * z + 0.6 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
        return 500 * MB + of(n) + noise * z;
      }),
    )?.verdict;
  }).filter((verdict) => verdict === "growing").length;
}

for (const noise of [0.05 * MB, 0.3 * MB]) {
  Deno.test(`growthVerdict() calls segments that come at random growing in at most 5 % of soaks, noise ${noise} bytes`, () => {
    const counts = [3, 4, 5, 8, 12, 24, 60].flatMap((segments) =>
      [MB, 4 * MB].map((size) =>
        growing(
          (random) => {
            const at = Array.from({ length: segments }, () => 800 * random());
            return (requests) => size * at.filter((each) => each < requests).length;
          },
          noise,
          40,
        )
      )
    );
    assert(counts.every((count) => count <= 5), `${counts}`);
    assertLess(counts.reduce((sum, count) => sum + count, 0) / (40 * counts.length), 0.05);
  });

  Deno.test(`growthVerdict() tells leaks of 20 KB a request and more in segments of any size, noise ${noise} bytes`, () => {
    for (const [leak, size, least] of [[20, 1, 16], [40, 1, 19], [40, 4, 19], [200, 4, 19], [200, 16, 19]] as const) {
      const told = growing(
        (random) => {
          const phase = random();
          return (requests) => Math.floor(1024 * leak * requests / (size * MB) + phase) * size * MB;
        },
        noise,
        20,
      );
      assert(told >= least, `${told} of 20 soaks of ${leak} KB in segments of ${size} MB`);
    }
  });
}
