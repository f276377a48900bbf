import { assertEquals } from "@std/assert";
import { agreementOf } from "../../../tasks/agreement/agreement.ts";

const pairsOf = (ratios: readonly number[]) =>
  ratios.map((ratio, i) => {
    const peer = 50 + 10 * i;
    const figures = (rate: number) => ({ requestsPerSecond: rate, p50Ms: 1, p95Ms: 1, p99Ms: 1 });
    return { own: figures(ratio * peer), peer: figures(peer) };
  });

for (
  const [ratios, verdict, why] of [
    [[1, 1.01, 0.99, 1.02, 1], "within 3 %", "the interval lies within"],
    [[1, 1.01, 0.99, 1.2, 1], "cannot tell", "one pair reaches out"],
    [[1.04, 1.05, 1.06, 1.05, 1.04], "differs: torchgauge 5.0 % higher", "the interval lies above"],
    [[0.9, 0.95, 0.96, 0.94, 0.9], "differs: torchgauge 6.0 % lower", "the interval lies below"],
    [[1, 1, 1], "cannot tell: 3 pairs give no interval", "the pairs are too few"],
  ] as const
) {
  Deno.test(`agreementOf() says "${verdict}" when ${why}`, () => {
    assertEquals(agreementOf(pairsOf(ratios), "requestsPerSecond").verdict, verdict);
  });
}

Deno.test("agreementOf() takes the ratio within pairs, so that drift between them cancels", () => {
  const { own, peer, ratio } = agreementOf(pairsOf([1.01, 1, 1.02, 0.99, 1]), "requestsPerSecond");
  assertEquals([own, peer], [71.4, 70]);
  assertEquals(ratio, { value: 1, low: 0.99, high: 1.02, level: 0.9, n: 5 });
});
