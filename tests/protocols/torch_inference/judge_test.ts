import { assertEquals } from "@std/assert";
import type { FailureReason } from "../../../src/core/outcome.ts";
import type { Asked } from "../../../src/core/protocol.ts";
import type { JsonValue } from "../../../src/core/model_input.ts";
import { judgePrediction } from "../../../src/protocols/torch_inference/judge.ts";

type Change = Readonly<Record<string, JsonValue | undefined>>;

function judged(change: Change, asked: Partial<Asked> = {}, status = 200) {
  const answer = { success: true, result: { score: 1 }, processing_time: 0.25, model_info: { model: "m" }, ...change };
  return judgePrediction(
    { status, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) },
    { model: "m", predictions: 1, allowNullResults: false, ...asked },
  );
}

const counts = (input_count: number): Change => ({ model_info: { model: "m", input_count } });

Deno.test("judgePrediction() takes what can be shown to be one prediction per input", () => {
  const rows: [string, Change, Partial<Asked>?][] = [
    ["an object for one input", {}],
    ["a number", { result: 0.5 }],
    ["a word", { result: "cat" }],
    ["scores", { result: [0.1, 0.2, 0.7] }],
    ["a list of one", { result: [{ score: 1 }] }],
    ["the best five where the server counted one input", { result: [{ a: 1 }, { a: 2 }], ...counts(1) }],
    ["three for three", { result: [{ a: 1 }, [0.5, 0.5], 3] }, { predictions: 3 }],
    ["nothing found where the server counted one input", { result: [], ...counts(1) }],
    ["nothing found in either of two images", { result: [[], []] }, { predictions: 2 }],
    ["an error field that is null", { result: { score: 1, error: null } }],
    ["an error field that is 0", { result: { score: 1, error: 0 } }],
    ["error fields that are empty", { result: [{ a: 1, error: {} }, { a: 2, error: [] }] }, { predictions: 2 }],
    ["one null score among others", { result: [0.1, null] }],
    ["the alias of the model asked for", { model_info: { model: "resnet50" } }, { model: "resnet" }],
    ["the model of the alias asked for", { model_info: { model: "bert" } }, { model: "bert-base-uncased" }],
    ["null where nulls are allowed", { result: null }, { allowNullResults: true, predictions: 3 }],
  ];
  for (const [what, change, asked] of rows) {
    assertEquals(judged(change, asked), { kind: "success", serverMs: 250 }, what);
  }
});

Deno.test("judgePrediction() finds every way in which an answer is none", () => {
  const rows: [FailureReason, string, Change, Partial<Asked>?][] = [
    ["rejected", "success is false", { success: false, error: "out of memory" }],
    ["malformed", "success is not said", { success: undefined }],
    ["malformed", "success is no boolean", { success: "yes" }],
    ["malformed", "the model is not named", { model_info: {} }],
    ["malformed", "there is no model_info", { model_info: undefined }],
    ["wrong-model", "another model answered", { model_info: { model: "example" } }],
    ["wrong-model", "an alias of another model answered", { model_info: { model: "resnet" } }, { model: "bert" }],
    ["malformed", "there is no result", { result: undefined }],
    ["rejected", "the result is null", { result: null }],
    ["rejected", "every field is null", { result: { label: null, score: null } }],
    ["rejected", "every score is null", { result: [null, null] }],
    ["rejected", "the result is an error", { result: { error: "bad image" } }],
    ["rejected", "the result has an error's number", { result: { score: 1, error: 5 } }],
    ["rejected", "one of two is an error", { result: [{ a: 1 }, { error: "bad image" }] }, { predictions: 2 }],
    ["rejected", "one of two is null", { result: [{ a: 1 }, null] }, { predictions: 2 }],
    ["rejected", "one of two says no success", { result: [{ a: 1 }, { success: false }] }, { predictions: 2 }],
    ["rejected", "one of three is an error and one is missing", { result: [{ a: 1 }, { error: "x" }] }, {
      predictions: 3,
    }],
    ["rejected", "one is an error, and there are too many", { result: [1, { error: "x" }, 3], ...counts(3) }, {
      predictions: 2,
    }],
    ["malformed", "two for three", { result: [1, 2] }, { predictions: 3 }],
    ["malformed", "one object for three", {}, { predictions: 3 }],
    ["malformed", "nothing for one", { result: [] }],
    ["malformed", "one image taken for three", { result: [{ a: 1 }, { a: 2 }, { a: 3 }] }],
    ["malformed", "one image counted as three", counts(3)],
    ["malformed", "nulls are allowed, but one is missing", { result: [null] }, {
      predictions: 2,
      allowNullResults: true,
    }],
    ["rejected", "nulls are allowed, but one is an error", { result: [null, { error: "x" }] }, {
      predictions: 2,
      allowNullResults: true,
    }],
  ];
  for (const [reason, what, change, asked] of rows) {
    const verdict = judged(change, asked);
    assertEquals(verdict.kind === "failure" ? verdict.reason : "success", reason, what);
  }
});

Deno.test("judgePrediction() carries the server's own words", () => {
  const words = (change: Change, status = 200) => {
    const verdict = judged(change, { predictions: 1 }, status);
    return verdict.kind === "failure" ? verdict.message : "";
  };
  assertEquals(words({ success: false, error: "out of\nmemory" }), "out of memory");
  assertEquals(
    words({ error: undefined, detail: [{ msg: "field required" }] }, 422),
    'status 422: [{"msg":"field required"}]',
  );
  assertEquals(words({ result: { error: "bad image" } }), "bad image");
  assertEquals(words({ success: false, error: "x".repeat(500) }).length, 203);
});

Deno.test("judgePrediction() tells an item's error before the count, and which item", () => {
  const words = (change: Change, predictions: number) => {
    const verdict = judged(change, { predictions });
    return verdict.kind === "failure" ? verdict.message : "";
  };
  const oom = { error: "CUDA out of memory" };
  assertEquals(words({ result: [1, oom, 2] }, 4), "item 2: CUDA out of memory (1 of 3 failed)");
  assertEquals(words({ result: [oom, oom], ...counts(2) }, 2), "item 1: CUDA out of memory (2 of 2 failed)");
  assertEquals(
    words({ result: [oom, oom, oom], ...counts(3) }, 1),
    "item 1: CUDA out of memory (3 of 3 failed; the server counted 3 inputs where 1 were sent)",
  );
  assertEquals(words({ result: [{ success: false, message: "busy" }, 1] }, 2), "item 1: busy (1 of 2 failed)");
});

Deno.test("judgePrediction() tells the server time that the server gives, and none where it gives no number", () => {
  for (const processing_time of [undefined, null, "0.1"]) {
    assertEquals(judged({ processing_time }), { kind: "success", serverMs: null });
  }
  for (const processing_time of [0, -1, 1e300]) {
    assertEquals(judged({ processing_time }), { kind: "success", serverMs: 1000 * processing_time });
  }
});
