import { assertEquals } from "@std/assert";
import type { Asked } from "../../../src/core/protocol.ts";
import { JSON_LENGTH_HEADER } from "../../../src/protocols/kserve_v2/encode.ts";
import { judgeInference } from "../../../src/protocols/kserve_v2/judge.ts";

const ASKED: Asked = { model: "m", predictions: 2, allowNullResults: false };

function judged(
  outputs: unknown,
  options: { raw?: number; header?: string; countsRows?: boolean; asked?: Asked } = {},
) {
  const json = new TextEncoder().encode(JSON.stringify({ model_name: "m", outputs }));
  const body = new Uint8Array(json.length + (options.raw ?? 0));
  body.set(json);
  const header = options.header ?? (options.raw === undefined ? undefined : String(json.length));
  const headers: Record<string, string> = header === undefined ? {} : { [JSON_LENGTH_HEADER]: header };
  const verdict = judgeInference({ status: 200, headers, body }, options.asked ?? ASKED, options.countsRows ?? true);
  return verdict.kind === "success" ? "success" : verdict.reason;
}

const output = (shape: number[], data?: unknown) => ({ name: "o", datatype: "FP32", shape, data });
const raw = (shape: number[], size: number) => ({ ...output(shape), parameters: { binary_data_size: size } });

Deno.test("judgeInference() takes outputs with one prediction per input", () => {
  assertEquals(judged([output([2, 2], [1, 2, 3, 4])]), "success");
  assertEquals(judged([output([2, 2], [[1, 2], [3, 4]])]), "success");
  assertEquals(judged([output([2, 2], [1, null, 3, 4]), output([2], [1, 2])]), "success");
  assertEquals(judged([raw([2, 2], 16)], { raw: 16 }), "success");
  assertEquals(judged([raw([2, 2], 16), raw([2], 8)], { raw: 24 }), "success");
});

Deno.test("judgeInference() counts no rows where nobody knows whether they are the batch", () => {
  for (const rows of [0, 1, 2, 5]) {
    const detections = output([rows, 4], Array(4 * rows).fill(1));
    assertEquals(judged([detections], { countsRows: false }), "success");
    assertEquals(judged([detections], { countsRows: false, asked: { ...ASKED, predictions: 1 } }), "success");
    assertEquals(judged([detections]), rows === 2 ? "success" : "malformed");
  }
  assertEquals(judged([output([5, 4], Array(19).fill(1))], { countsRows: false }), "malformed");
  assertEquals(judged([output([3, 1], [null, null, null])], { countsRows: false }), "rejected");
});

Deno.test("judgeInference() finds outputs that do not agree with themselves or the request", () => {
  assertEquals(judged([]), "malformed");
  assertEquals(judged(undefined), "malformed");
  assertEquals(judged([{ name: "o" }]), "malformed");
  assertEquals(judged([output([3, 1], [1, 2, 3])]), "malformed");
  assertEquals(judged([output([2, 2], [1, 2, 3])]), "malformed");
  assertEquals(judged([output([2, 2])]), "malformed");
  assertEquals(judged([output([2], [1, 2]), output([1], [1])]), "malformed");
  assertEquals(judged([raw([2, 2], 16)], { raw: 15 }), "malformed");
  assertEquals(judged([raw([2, 2], 16)], { raw: 17 }), "malformed");
  assertEquals(judged([output([2], [1, 2])], { header: "99999" }), "malformed");
  assertEquals(judged([output([2], [1, 2])], { header: "x" }), "malformed");
});

Deno.test("judgeInference() finds a prediction of which every element is null", () => {
  assertEquals(judged([output([2, 2], [1, 2, null, null])]), "rejected");
  assertEquals(judged([output([2, 2], null)]), "rejected");
  const allowed = { asked: { ...ASKED, allowNullResults: true } };
  assertEquals(judged([output([2, 2], [1, 2, null, null])], allowed), "success");
  assertEquals(judged([output([2, 2], null)], allowed), "success");
});
