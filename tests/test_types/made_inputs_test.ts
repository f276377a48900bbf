import { assertEquals, assertStringIncludes } from "@std/assert";
import type { InputSpec } from "../../src/core/model_input.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { madeInputs } from "../../src/test_types/made_inputs.ts";
import { simulateTest } from "../measure/simulation.ts";

Deno.test("madeInputs() says what was made up where most requests were refused: words, open dimensions", async () => {
  const refused = await simulateTest(runBasicTest, { requests: 30, warmUpRequests: 0 }, {
    fate: () => ({ failure: "status", afterMs: 1 }),
  });
  const lost = await simulateTest(runBasicTest, { requests: 30, warmUpRequests: 0 }, {
    fate: () => ({ failure: "timeout", afterMs: 1 }),
  });
  const bytes: InputSpec = { kind: "tensors", tensors: [{ name: "x", datatype: "BYTES", shape: [2] }] };
  for (const input of [bytes, { kind: "text", words: 8 }] as const) {
    assertStringIncludes(madeInputs(input, { basic: refused }).join(), "English words were sent as BYTES");
    assertEquals(madeInputs(input, { basic: lost }), []);
  }
  const numbers: InputSpec = { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [2] }] };
  const given: InputSpec = { kind: "samples", samples: [{ kind: "text", text: "a" }] };
  for (const input of [numbers, given]) assertEquals(madeInputs(input, { basic: refused }), []);
  const open: InputSpec = { kind: "tensors", tensors: [{ name: "x", datatype: "FP32", shape: [-1, 2] }] };
  assertStringIncludes(madeInputs(open, { basic: refused }).join(), "the sizes of x that may be any");
  assertEquals(madeInputs(open, { basic: lost }), []);
});
