import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatText, type TextOptions } from "../../../src/report/text/format_text.ts";
import type { AbResult, PairedEffect } from "../../../src/results/result.ts";
import { abResult } from "../../results/kinds/ab_result.ts";
import { measurement, withFailures } from "../../results/window/windows.ts";
import { assertGolden } from "../golden.ts";
import { reportOf } from "../report_of.ts";

const effect = (value: number, verdict: PairedEffect["verdict"]): PairedEffect => ({
  ratio: { value, low: value - 0.02, high: value + 0.02, level: 0.95, n: 3 },
  verdict,
  smallestShown: 0.031,
});
const side = (requestsPerSecond: number) => ({ requestsPerSecond, p50Ms: 1000 / requestsPerSecond, p95Ms: 30 });
const { a, b } = abResult();

/** Three blocks, in which the second server is slower. */
const result = (overrides: Partial<AbResult> = {}): AbResult =>
  abResult({
    requestsPerVisit: 20,
    a: { ...a, target: { ...a.target, url: "http://one:8000" }, ...measurement(50, 1, 1) },
    b: { ...b, target: { ...b.target, url: "http://two:8000" }, ...measurement(45, 1, 1) },
    blocks: [0.9, 1, 1.1].map((drift) => ({ order: "ABBA", a: side(50 * drift), b: side(45 * drift) })),
    effects: {
      throughput: effect(0.9, "worse"),
      p50: effect(1.11, "worse"),
      p95: effect(1, "no difference found"),
    },
    errorDifference: { value: 0, low: -0.02, high: 0.02, level: 0.95, n: 120 },
    verdict: "worse",
    ...overrides,
  });

/** An A/B run is a report as any other. */
const formatAb = (ab: AbResult, options: TextOptions = {}) => formatText(reportOf({ ab }), options);

Deno.test("formatText() tells an A/B test as the golden text does", async () => {
  const ab = result({ b: withFailures(result().b, 3, "timeout") });
  await assertGolden("ab", formatAb(ab, { parts: ["results"] }));
});

Deno.test("formatText() of an A/B test says the verdict, what it rests on and every effect", () => {
  const text = formatAb(result());
  assertMatch(text, /B IS SLOWER: throughput -10\.0% \[-12\.0, -8\.0\] over 3 blocks/);
  assertMatch(text, /throughput +A 49\.\d -> B 44\.\d req\/s +-10\.0% \[-12\.0, -8\.0\] +worse/);
  assertMatch(text, /p95 latency +A 30\.?0* +-> B 30\.?0* ms +0(?:\.0)?% .* no difference \(shows 3\.1\d*%\)/);
  assertStringIncludes(text, "block by block: 90 90 90");
  assertStringIncludes(text, "A: resnet18 at http://one:8000 (kserve-v2, cpu)");
});

Deno.test("formatText() of an A/B test warns of different models, different errors and a client at its limit", () => {
  const text = formatAb(result({
    b: {
      ...b,
      target: { ...b.target, model: "bert", protocol: "torchserve", sequenceLength: 20 },
      clientLimited: true,
    },
    errorDifference: { value: 0.1, low: 0.05, high: 0.15, level: 0.95, n: 120 },
  }));
  const warnings = [
    "DIFFERENT MODELS",
    "different protocols",
    "only one of the models is stateful",
    "B fails more often",
  ];
  for (const words of [...warnings, "the client may have set"]) {
    assertStringIncludes(text, words);
  }
});

Deno.test("formatText() of an A/B test says why nothing can be told", () => {
  const nothing: PairedEffect = { ratio: null, verdict: "cannot tell", smallestShown: null };
  const text = formatAb(result({
    blocks: [],
    effects: { throughput: nothing, p50: nothing, p95: nothing },
    verdict: "cannot tell",
    absences: { effects: "no block has successes of both servers" },
    partial: "interrupted",
  }));
  assertStringIncludes(text, "CANNOT TELL: no block has successes of both servers");
  assertStringIncludes(text, "PARTIAL");
});

Deno.test("formatText() of an A/B test fits in its width and in ASCII", () => {
  const text = formatAb(result(), { ascii: true });
  assertEquals(text.split("\n").filter((line) => line.length > 100), []);
  // deno-lint-ignore no-control-regex -- that is what ASCII is
  assertMatch(text, /^[\x00-\x7f]*$/);
});
