import { assert, assertEquals } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import type { OperatingPoint, TestResults } from "../../src/results/result.ts";
import { headline } from "../../src/words/headline.ts";
import { plainText } from "../../src/words/inline.ts";
import { recommendationInWords } from "../../src/words/recommendation_in_words.ts";
import { estimate } from "../core/estimates.ts";
import { operatingPoint, operatingPointsResult } from "../results/kinds/operating_points_result.ts";
import { scalabilityResult } from "../results/kinds/scalability_result.ts";
import { throughputResult } from "../results/kinds/throughput_result.ts";
import { withFailures } from "../results/window/windows.ts";

const fast = operatingPoint(160, 8, 4);
const equal = operatingPoint(159, 8, 2);
const slow = operatingPoint(72, 8, 1);
const failing = withFailures(operatingPoint(159.5, 16, 4), 20);
const atLimit: OperatingPoint = { ...fast, errorRate: estimate(0.01) };
const unknownRate: OperatingPoint = { ...fast, predictionsPerSecond: null };

/** What is advised beside sweeps of both axes: the point with those within noise of it, or the optima one by one. */
function advised(points: readonly OperatingPoint[]): readonly string[] {
  const { recommendations } = analyze({
    throughput: throughputResult(),
    scalability: scalabilityResult(),
    "operating-points": operatingPointsResult(points),
  });
  return recommendations.flatMap((advice) => {
    if (advice.code === "batch-size" || advice.code === "concurrency") return [advice.code];
    if (advice.code !== "operating-point") return [];
    return [advice, ...advice.runnersUp].map(({ batchSize, concurrency }) => `${batchSize} x ${concurrency}`);
  });
}

const APART = ["batch-size", "concurrency"];

const rows: readonly [why: string, points: readonly OperatingPoint[], expected: readonly string[]][] = [
  ["the first point with those within noise", [fast, equal, slow], ["8 x 4", "8 x 2"]],
  ["the first point without failures", [failing, equal, slow], ["8 x 2"]],
  ["no runner-up that fails", [fast, failing, equal], ["8 x 4", "8 x 2"]],
  ["both optima apart where every point fails", [failing], APART],
  ["both optima apart where a point has just as many failures as are too many", [atLimit], APART],
  ["both optima apart where no rate is known", [unknownRate], APART],
  ["both optima apart where no point was measured", [], APART],
];

for (const [what, points, expected] of rows) {
  Deno.test(`analyze() of operating points advises ${what}`, () => assertEquals(advised(points), expected));
}

/** A sweep over concurrency that came out best at 2 and lost a third above, and batches that ceased to pay at 4. */
const sweeps = (): TestResults => ({
  scalability: scalabilityResult(undefined, { degradationPercent: estimate(33, 2), optimalConcurrency: 2 }),
  throughput: throughputResult(undefined, { plateauBatchSize: 4, optimalBatchSize: 4 }),
});

for (
  const [point, otherPoint, plateau] of [
    [operatingPoint(200, 4, 1), true, true],
    [operatingPoint(200, 4, 2), undefined, true],
    [operatingPoint(200, 16, 2), undefined, false],
    [null, undefined, true],
  ] as const
) {
  const name = point === null ? "without a joint point" : `beside ${point.batchSize} x ${point.concurrency}`;
  Deno.test(`no advice contradicts the recommended load: ${name}`, () => {
    const points = point === null ? {} : { "operating-points": operatingPointsResult([point]) };
    const { findings, recommendations } = analyze({ ...sweeps(), ...points });
    const contention = recommendations.find((advice) => advice.code === "reduce-contention");
    assert(contention?.code === "reduce-contention");
    assertEquals(contention.evidence.otherPoint, otherPoint);
    const label = plainText(recommendationInWords(contention).label!);
    assertEquals(label.startsWith("Cap concurrency near 2"), otherPoint === undefined);
    for (const told of [findings, recommendations]) {
      assertEquals(told.some(({ code }) => code === "batch-plateau"), plateau);
    }
  });
}

Deno.test("no headline has requests only wait below the concurrency that it recommends", () => {
  const scalability = scalabilityResult({ 1: 45, 2: 80, 4: 80, 8: 79 });
  const told = (concurrency: number) => {
    const points = operatingPointsResult([operatingPoint(400, 16, concurrency)]);
    const tests = { throughput: throughputResult(), scalability, "operating-points": points };
    const { recommendations, findings } = analyze(tests);
    const isScaled = recommendations.some(({ code }) => code === "scale-out");
    return [isScaled, plainText(headline({ tests, recommendations, findings })).includes("queueing")];
  };
  assertEquals([told(2), told(8)], [[true, true], [false, false]]);
});

Deno.test("advice on batches that the server makes has the model registered, and single requests sent", () => {
  const load = { kind: "closed", concurrency: 4, batchSize: 1, serverBatchSize: 8 } as const;
  const points = operatingPointsResult([operatingPoint(160, 8, 4, { load })]);
  const levels = throughputResult().levels.map((level) => ({
    ...level,
    load: { ...load, concurrency: 2 * level.batchSize, serverBatchSize: level.batchSize },
  }));
  const throughput = throughputResult(undefined, { levels, batching: "server", concurrency: 2 });
  const told = (tests: TestResults) => {
    const { recommendations, findings } = analyze(tests);
    const [first] = recommendations;
    return [
      plainText(headline({ tests, recommendations, findings })).split(":")[0],
      plainText(recommendationInWords(first!).label!),
    ];
  };
  assertEquals(told({ "operating-points": points }), [
    "Register the model with batch size 8 and send single requests, 4 at a time",
    "Register the model with batch size 8 and send 4 concurrent single requests",
  ]);
  assertEquals(told({ throughput }), [
    "Register the model with batch size 8 and send single requests, 16 at a time",
    "Register the model with batch size 8 and send 16 concurrent single requests for maximum throughput",
  ]);
});
