import { assertAlmostEquals, assertEquals } from "@std/assert";
import { binomialQuantile, normalCdf, normalQuantile, studentTQuantile } from "../../src/stats/probability.ts";

Deno.test("studentTQuantile() agrees with R's qt()", () => {
  const table: [number, number, number][] = [[0.975, 1, 12.7062047], [0.975, 9, 2.2621572], [0.995, 30, 2.7499957], [
    0.975,
    1e5,
    1.9599877,
  ]];
  for (const [p, degreesOfFreedom, value] of table) {
    assertAlmostEquals(studentTQuantile(p, degreesOfFreedom), value, 1e-6);
  }
});

Deno.test("normalQuantile() undoes normalCdf()", () => {
  assertAlmostEquals(normalQuantile(0.975), 1.959963985, 1e-8);
  for (const z of [-5, -1.3, 0, 2.2]) assertAlmostEquals(normalQuantile(normalCdf(z)), z, 1e-6);
});

Deno.test("binomialQuantile() agrees with R's qbinom()", () => {
  // qbinom(0.025, 1e5, 0.95) and so on.
  const table: [number, number, number, number][] = [
    [0.025, 10, 0.5, 2],
    [0.975, 10, 0.5, 8],
    [0.025, 1e5, 0.95, 94864],
    [0.5, 1, 0.2, 0],
    [0.9, 5, 1, 5],
  ];
  for (const [probability, n, p, k] of table) assertEquals(binomialQuantile(probability, n, p), k);
});
