import { assertEquals } from "@std/assert";
import { keyFigures } from "../../../src/report/html/key_figures.ts";
import { joined, plainText } from "../../../src/words/inline.ts";
import type { OperatingPoint } from "../../../src/results/result.ts";
import { abResult, operatingPoint, operatingPointsResult, throughputResult, withFailures } from "../builders.ts";

const point = (batchSize: number, requestsPerSecond: number, failed: number) =>
  withFailures(operatingPoint(batchSize * requestsPerSecond, batchSize, 2), failed);

const throughputOf = (points: readonly OperatingPoint[]) => {
  const [card] = keyFigures({ "operating-points": operatingPointsResult(points), throughput: throughputResult() });
  return [card!.source, plainText(joined([card!.context]))];
};

Deno.test("keyFigures() shows the best operating point that can be used, never one whose requests fail", () => {
  assertEquals(throughputOf([point(16, 56, 0), point(8, 63, 0)]), ["operating-points", "batch 16, concurrency 2"]);
  assertEquals(throughputOf([point(16, 56, 200), point(8, 63, 0)]), ["operating-points", "batch 8, concurrency 2"]);
});

Deno.test("keyFigures() begins with the effect of an A/B test, where there is one", () => {
  const [card] = keyFigures({ ab: abResult() });
  const shown = [
    card!.label,
    ...[card!.value, card!.interval, card!.context].map((words) => plainText(joined([words]))),
  ];
  assertEquals(shown, ["Throughput, B against A", "+10.0%", "[7.0, 13.0]", "better, over 6 blocks"]);
  const nothing = { ratio: null, verdict: "cannot tell", smallestShown: null } as const;
  const ab = abResult({ effects: { throughput: nothing, p50: nothing, p95: nothing } });
  assertEquals(keyFigures({ ab }).map(({ label }) => label), ["Requests answered"]);
});

Deno.test("keyFigures() shows the optimum of a sweep where no operating point can be used", () => {
  assertEquals(throughputOf([point(16, 56, 200)]), ["throughput", "batch 8, concurrency 1"]);
});
