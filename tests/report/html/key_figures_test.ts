import { assertEquals } from "@std/assert";
import { keyFigures } from "../../../src/report/html/key_figures.ts";
import { joined, plainText } from "../../../src/words/inline.ts";
import type { OperatingPoint } from "../../../src/results/result.ts";
import { operatingPoint, operatingPointsResult, throughputResult, withFailures } from "../builders.ts";

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

Deno.test("keyFigures() shows the optimum of a sweep where no operating point can be used", () => {
  assertEquals(throughputOf([point(16, 56, 200)]), ["throughput", "batch 8, concurrency 1"]);
});
