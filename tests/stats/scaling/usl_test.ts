import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { UslFit } from "../../../src/results/result.ts";
import { fitUsl, type UslPoint } from "../../../src/stats/scaling/fit_usl.ts";
import { uslModel, uslThroughput } from "../../../src/stats/scaling/usl_throughput.ts";

const LEVELS = [1, 2, 4, 8, 16, 32];

function fitted(points: readonly UslPoint[]): UslFit {
  const outcome = fitUsl(points);
  assert("fit" in outcome, JSON.stringify(outcome));
  return outcome.fit;
}

function refusal(points: readonly UslPoint[]): string {
  const outcome = fitUsl(points);
  assert("refused" in outcome, JSON.stringify(outcome));
  return outcome.refused;
}

Deno.test("fitUsl() agrees with R's usl package on Gunther's SPEC SDM91 data", () => {
  const load = [1, 18, 36, 72, 108, 144, 216];
  const throughput = [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775.0, 1702.2];
  const fit = fitted(load.map((n, i) => ({ n, ratePerSecond: throughput[i]! })));
  assertAlmostEquals(fit.lambda.value, 89.9952, 1e-3);
  assertAlmostEquals(fit.sigma.value, 0.0277285, 1e-6);
  assertAlmostEquals(fit.kappa.value, 1.043655e-4, 1e-9);
  assertAlmostEquals(fit.peakConcurrency!, 96.52, 0.01);
  assertAlmostEquals(fit.rSquared, 0.98956, 1e-4);
});

Deno.test("fitUsl() recovers the coefficients of a curve without noise", () => {
  const coefficient = (max: number) => fc.oneof(fc.constant(0), fc.double({ min: max / 100, max, noNaN: true }));
  const lambdas = fc.double({ min: 0.1, max: 1e4, noNaN: true });
  fc.assert(fc.property(lambdas, coefficient(0.6), coefficient(0.05), (lambda, sigma, kappa) => {
    const fit = fitted(LEVELS.map((n) => ({ n, ratePerSecond: uslModel([lambda, sigma, kappa], n) })));
    assertAlmostEquals(fit.lambda.value / lambda, 1, 1e-5);
    assertAlmostEquals(fit.sigma.value, sigma, 1e-5);
    assertAlmostEquals(fit.kappa.value, kappa, 1e-6);
  }));
});

Deno.test("fitUsl() follows the unit of the rate and nothing else changes", () => {
  const rates = [100, 185, 310, 420, 400, 300];
  const fit = (unit: number) => fitted(LEVELS.map((n, i) => ({ n, ratePerSecond: unit * rates[i]! })));
  assertAlmostEquals(fit(1000).lambda.value, 1000 * fit(1).lambda.value, 1e-3);
  assertAlmostEquals(fit(1000).kappa.high!, fit(1).kappa.high!, 1e-9);
});

Deno.test("fitUsl() never goes below 0 and is then the best fit with the coefficient at 0", () => {
  // Faster than linear at first: the free optimum has a negative sigma.
  const points = [[1, 90], [2, 200], [4, 410], [8, 700], [16, 800]].map(([n, x]) => ({ n: n!, ratePerSecond: x! }));
  const fit = fitted(points);
  assertEquals([fit.sigma.value, fit.sigma.low], [0, 0]);
  assert(fit.kappa.value > 0);
  const error = (lambda: number, sigma: number, kappa: number) =>
    points.reduce((sum, { n, ratePerSecond }) => sum + (ratePerSecond - uslModel([lambda, sigma, kappa], n)) ** 2, 0);
  const least = error(fit.lambda.value, 0, fit.kappa.value);
  for (const [a, b, c] of [[1.001, 0, 1], [0.999, 0, 1], [1, 0, 1.01], [1, 0, 0.99], [1, 0.001, 1]] as const) {
    assert(error(a * fit.lambda.value, b, c * fit.kappa.value) > least);
  }
});

Deno.test("fitUsl() trusts a point by its weight", () => {
  const points = LEVELS.map((n) => ({ n, ratePerSecond: uslModel([100, 0.1, 0.001], n), weight: 1 }));
  const spoilt = points.map((point, i) => i === 2 ? { ...point, ratePerSecond: 200, weight: 1e-6 } : point);
  assertAlmostEquals(fitted(spoilt).lambda.value, 100, 0.01);
});

Deno.test("fitUsl() has no peak without coherency cost", () => {
  const fit = fitted(LEVELS.map((n) => ({ n, ratePerSecond: uslModel([100, 0.2, 0], n) })));
  assertEquals(fit.peakConcurrency, null);
});

Deno.test("fitUsl() says why it refuses", () => {
  const at = (rates: number[]) => rates.map((ratePerSecond, i) => ({ n: LEVELS[i]!, ratePerSecond }));
  assertStringIncludes(refusal(at([100, 180, 300])), "at least 4 usable concurrencies: found 3");
  assertStringIncludes(refusal([...at([100, 180, 300]), { n: 4, ratePerSecond: 310 }]), "found 3");
  assertStringIncludes(refusal(at([100, 180, 0, 300])), "found 0 at 4");
  assertStringIncludes(refusal(at([100, 101, 99, 100])), "within 2.0 %");
  assertStringIncludes(refusal(at([100, 300, 90, 310, 80, 290])), "R2 must be at least 0.9");
});

Deno.test("uslThroughput() peaks at the fit's peak", () => {
  const fit = fitted(LEVELS.map((n) => ({ n, ratePerSecond: uslModel([100, 0.05, 0.004], n) })));
  const peak = uslThroughput(fit, fit.peakConcurrency!);
  assert(
    peak > uslThroughput(fit, fit.peakConcurrency! - 0.5) && peak > uslThroughput(fit, fit.peakConcurrency! + 0.5),
  );
});
