import { assertEquals, assertStringIncludes } from "@std/assert";
import { lacksModel, listedAbsence } from "../../../src/protocols/shared/lacks_model.ts";

Deno.test("listedAbsence() sees that a model is gone only from a list that can be read", () => {
  assertEquals(listedAbsence("alpha", ["alpha"], "GET /v1/models").absent, false);
  assertEquals(listedAbsence("alpha", null, "GET /v1/models").absent, false);
  assertEquals(listedAbsence("alpha", [], "GET /v1/models"), {
    absent: true,
    evidence: "GET /v1/models lists none",
  });
});

Deno.test("lacksModel() names the first of many models", () => {
  const { message } = lacksModel("alpha", Array.from({ length: 10_000 }, (_, n) => `model-${n}`));
  assertStringIncludes(message, "model-18, model-19 and 9980 more");
});
