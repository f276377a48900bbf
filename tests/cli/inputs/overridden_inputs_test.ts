import { assertEquals, assertThrows } from "@std/assert";
import { overriddenInputs } from "../../../src/cli/inputs/overridden_inputs.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { inputByName } from "../../../src/protocols/shared/model_families.ts";

const tensorsOf = (known: ReturnType<typeof inputByName>, shapes: Record<string, number[]>, datatypes = {}) => {
  const spec = overriddenInputs(known, { shapes, datatypes });
  return spec?.kind === "tensors" ? spec.tensors : spec;
};

Deno.test("overriddenInputs() takes the user's shape where the model's name alone says another", () => {
  const guess = inputByName("resnet18");
  assertEquals(tensorsOf(guess, { input: [3, 64, 64] }), [{ name: "input", datatype: "FP32", shape: [3, 64, 64] }]);
  assertEquals(tensorsOf(guess, { image: [1, 3, 64, 64] }), [{ name: "image", datatype: "FP32", shape: [3, 64, 64] }]);
  assertEquals(tensorsOf(guess, {}, { input: "UINT8" }), [{ name: "input", datatype: "UINT8", shape: [3, 224, 224] }]);
});

Deno.test("overriddenInputs() refuses a shape that the server's own word excludes", () => {
  const said = { kind: "tensors", tensors: [{ name: "input", datatype: "FP32", shape: [3, 224, 224] }] } as const;
  assertThrows(() => tensorsOf(said, { input: [3, 64, 64] }), UsageError, "[3,224,224]");
  assertThrows(() => tensorsOf(said, { image: [3, 224, 224] }), UsageError, "one of input");
});
