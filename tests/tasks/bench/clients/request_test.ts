import { assertEquals } from "@std/assert";
import { JSON_LENGTH_HEADER } from "../../../../src/protocols/kserve_v2/encode.ts";
import { judgeInference } from "../../../../src/protocols/kserve_v2/judge.ts";
import { bodyLength } from "../../../../src/core/wire_body.ts";
import { requestOf } from "../../../../tasks/bench/clients/request.ts";
import { answersOf, IMAGE_BYTES, IMAGE_MODEL, SMALL_MODEL } from "../../../../tasks/bench/servers/answers.ts";

Deno.test("requestOf() names the tensors that follow its JSON, item by item", () => {
  const { headers, body } = requestOf(IMAGE_MODEL, 4);
  const [json, ...items] = body as [Uint8Array, ...Uint8Array[]];
  assertEquals(items.map(({ length }) => length), Array(4).fill(IMAGE_BYTES));
  assertEquals(headers[headers.indexOf(JSON_LENGTH_HEADER) + 1], String(json.length));
  const { inputs: [input] } = JSON.parse(new TextDecoder().decode(json));
  assertEquals(input.shape, [4, 3, 224, 224]);
  assertEquals(input.parameters.binary_data_size, 4 * IMAGE_BYTES);
});

Deno.test("answersOf() has an answer for each batch size that passes as a success", () => {
  for (
    const [model, batchSize] of [[SMALL_MODEL, 1], [IMAGE_MODEL, 1], [IMAGE_MODEL, 16], [IMAGE_MODEL, 64]] as const
  ) {
    const request = requestOf(model, batchSize);
    const { body } = answersOf(0).findLast(({ path, leastBodyBytes }) =>
      path === request.path && leastBodyBytes <= bodyLength(request.body)
    )!;
    const response = { status: 200, headers: {}, body: new TextEncoder().encode(body) };
    const asked = { model, predictions: batchSize, allowNullResults: false };
    assertEquals(judgeInference(response, asked, true), { kind: "success", serverMs: null });
  }
});
