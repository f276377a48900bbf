import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import type { ModelInput } from "../../../src/core/model_input.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { encodePrediction } from "../../../src/protocols/torch_inference/encode.ts";

const image: ModelInput = {
  kind: "tensors",
  tensors: [{ name: "input", datatype: "FP32", shape: [3, 1, 2], data: [1, 2, 3, 4, 5, 6] }],
};
const nested = [[[1, 2]], [[3, 4]], [[5, 6]]];

function inputsOf(inputs: readonly ModelInput[], form: "bare" | "wrapped"): unknown {
  return JSON.parse(new TextDecoder().decode(wholeBody(encodePrediction("m", inputs, form).body))).inputs;
}

Deno.test("encodePrediction() sends one item as it is or as a list of one, and several as a list", () => {
  assertEquals(inputsOf([image], "bare"), nested);
  assertEquals(inputsOf([image], "wrapped"), [nested]);
  assertEquals(inputsOf([image, image], "bare"), [nested, nested]);
  assertEquals(inputsOf([image, image], "wrapped"), [nested, nested]);
  assertEquals(inputsOf([{ kind: "text", text: "a" }], "bare"), "a");
  assertEquals(inputsOf([{ kind: "text", text: "a" }, { kind: "text", text: "b" }], "bare"), ["a", "b"]);
});

Deno.test("encodePrediction() puts the model into the path and the priority into the body", () => {
  const request = encodePrediction("org/model 1", [{ kind: "text", text: "a" }], "bare", { priority: 2 });
  assertEquals([request.method, request.path], ["POST", "/org%2Fmodel%201/predict"]);
  assertEquals(new TextDecoder().decode(wholeBody(request.body)), '{"inputs":"a","priority":2}');
  const other = encodePrediction("m", [{ kind: "text", text: "b" }], "bare");
  assertStrictEquals(request.headers, other.headers);
});

Deno.test("encodePrediction() refuses an empty batch", () => {
  assertThrows(() => encodePrediction("m", [], "bare"), UsageError);
});
