import { assertGreaterOrEqual, assertLess } from "@std/assert";
import { heldPrompts, LANES } from "./prompt_rates.ts";

const RUNS = 100;

for (const lanes of LANES) {
  const { name, variation, tokens } = lanes;
  Deno.test(`tokenRates() covers prompt tokens per second of ${name}, variation ${variation}, of ${tokens.join(" to ")} tokens`, () => {
    for (const rounds of [6, 12]) {
      assertGreaterOrEqual(heldPrompts(lanes, rounds, RUNS).covered, 0.88, `${rounds} rounds`);
    }
  });
}

Deno.test("tokenRates() knows prompts of one length within 5 % from six rounds of steady answers", () => {
  for (const lanes of LANES.filter(({ variation, tokens }) => variation <= 0.01 && tokens[0] === tokens[1])) {
    assertLess(heldPrompts(lanes, 6, RUNS).halfWidth, 0.05, lanes.name);
  }
});
