import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { UsageError } from "../../../src/core/errors.ts";
import type { ModelInput } from "../../../src/core/model_input.ts";
import type { WireRequest } from "../../../src/core/transport.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { RunRequests } from "../../../src/load/requests/run_requests.ts";
import { generic, image, textOf } from "./described.ts";

/** The fields as another reader of forms finds them: [name, value], or [name, file's name, its type, its bytes]. */
async function fieldsOf({ headers, body }: WireRequest): Promise<unknown[][]> {
  const form = await new Response(wholeBody(body), { headers: [[headers.at(-2)!, headers.at(-1)!]] }).formData();
  return await Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === "string" ? [name, value] : [name, value.name, value.type, [...await value.bytes()]]
    ),
  );
}

const PNG = image(0x89, 0x50, 0x0d, 0x0a, 0xff);

Deno.test("a form's files, texts, numbers and JSON are fields that other readers find as they were given", async () => {
  const { encode } = await generic({
    form: {
      file: "{{input}}",
      "na me é": { value: "{{bytes}}", filename: "c at é.jpg", contentType: "image/x-own" },
      threshold: "0.5",
      top_k: 5,
      flip: true,
      labels: ["a", "b"],
      b64: "{{base64}}",
      options: { value: '{"model": "{{model}}", "n": {{batch}}}', contentType: "application/json" },
      all: "of {{inputs}}",
    },
  });
  const request = encode('m "1"', [PNG]);
  assertStringIncludes(request.headers.at(-1)!, "multipart/form-data; boundary=");
  const bytes = [0x89, 0x50, 0x0d, 0x0a, 0xff];
  assertEquals(await fieldsOf(request), [
    ["file", "input.png", "image/png", bytes],
    ["na me é", "c at é.jpg", "image/x-own", bytes],
    ["threshold", "0.5"],
    ["top_k", "5"],
    ["flip", "true"],
    ["labels", "a"],
    ["labels", "b"],
    ["b64", "iVANCv8="],
    ["options", '{"model": "m "1"", "n": 1}'],
    ["all", 'of ["iVANCv8="]'],
  ]);
});

Deno.test("quotes and backslashes in the names of a form are escaped", async () => {
  const { encode } = await generic({ form: { 'a"b\\': { value: "1", filename: '"' } } });
  assertStringIncludes(textOf(encode("m", [PNG]).body), 'form-data; name="a\\"b\\\\"; filename="\\""\r\n');
});

Deno.test("an item in a form is a field as it is, and a file where the description names one", async () => {
  const { encode } = await generic({ form: { x: "{{input}}", f: { value: "{{input}}", filename: "in" } } });
  const rows: readonly (readonly [ModelInput, string, string])[] = [
    [{ kind: "text", text: 'é "quoted"\r\n' }, 'é "quoted"\r\n', "text/plain;charset=utf-8"],
    [{ kind: "json", value: { a: [1, "b"] } }, '{"a":[1,"b"]}', "application/json"],
    [{ kind: "json", value: 7 }, "7", "application/json"],
    [
      { kind: "tensors", tensors: [{ name: "t", datatype: "FP32", shape: [2], data: [1, 2] }] },
      "[1.0,2.0]",
      "application/json",
    ],
  ];
  for (const [item, value, type] of rows) {
    const [field, file] = await fieldsOf(encode("m", [item]));
    assertEquals(field, ["x", value]);
    assertEquals(file!.slice(0, 3), ["f", "in", type]);
    assertEquals(new TextDecoder().decode(Uint8Array.from(file![3] as number[])), value);
  }
});

Deno.test("a field in a list is sent once for each item of a batch; one alone takes no batches", async () => {
  const batched = await generic({ form: { files: ["{{input}}"], n: "{{batch}}" } });
  assertEquals(await fieldsOf(batched.encode("m", [PNG, image(1), image(2)])), [
    ["files", "input.png", "image/png", [0x89, 0x50, 0x0d, 0x0a, 0xff]],
    ["files", "input-2.png", "image/png", [1]],
    ["files", "input-3.png", "image/png", [2]],
    ["n", "3"],
  ]);
  assertEquals(await fieldsOf(batched.encode("m", [PNG])).then((fields) => fields.length), 2);
  const all = await generic({ form: { files: "{{inputs}}" } });
  assertEquals(await fieldsOf(all.encode("m", [PNG, image(1)])).then((fields) => fields.map(([, name]) => name)), [
    "input.png",
    "input-2.png",
  ]);
  assertEquals(await fieldsOf(all.encode("m", [{ kind: "text", text: "a" }])), [["files", '["a"]']]);
  const single = await generic({ form: { file: "{{input}}" } });
  const error = assertThrows(() => single.encode("m", [PNG, PNG]), UsageError, "repeated field");
  assertStringIncludes(error.hint ?? "", '["{{input}}"]');
});

Deno.test("a form that is urlencoded is found as it was given", async () => {
  const { encode } = await generic({
    formType: "urlencoded",
    form: { "te&xt": "{{input}}", all: "{{inputs}}", k: "a b&c+d%20" },
  });
  const { headers, body } = encode("m", [{ kind: "text", text: 'é &="' }, { kind: "text", text: "b" }]);
  assertEquals(headers, ["content-type", "application/x-www-form-urlencoded"]);
  assertEquals([...new URLSearchParams(textOf(body))], [["te&xt", 'é &="'], ["all", '["é &=\\"","b"]'], [
    "k",
    "a b&c+d%20",
  ]]);
});

Deno.test("bytes within a longer text of a form are base64", async () => {
  for (const formType of ["multipart", "urlencoded"]) {
    const { encode } = await generic({ formType, form: { image: "data:image/png;base64,{{input}}" } });
    const { headers, body } = encode("m", [PNG]);
    const form = await new Response(wholeBody(body), { headers: { "content-type": headers.at(-1)! } }).formData();
    assertEquals([...form], [["image", "data:image/png;base64,iVANCv8="]]);
    const text = textOf(encode("m", [{ kind: "text", text: "a" }]).body);
    assertStringIncludes(text, formType === "multipart" ? "base64,a\r\n" : "base64%2Ca");
  }
});

Deno.test("the boundary of a form is the same for all requests, but stands in none of their items", async () => {
  const { encode } = await generic({ form: { file: ["{{input}}"], note: "-{{input}}" } });
  const boundaryOf = (item: ModelInput) => encode("m", [item]).headers.at(-1)!.split("=")[1]!;
  const usual = boundaryOf(PNG);
  assertEquals(boundaryOf({ kind: "text", text: "a" }), usual);
  const parts = fc.array(fc.constantFrom("\r\n--", "--", usual, `${usual}2`, usual.slice(0, 5), "x"), { maxLength: 6 });
  await fc.assert(fc.asyncProperty(parts, async (pieces) => {
    const text = pieces.join("");
    const item: ModelInput = { kind: "bytes", bytes: new TextEncoder().encode(text), contentType: "text/x-own" };
    const request = encode("m", [item]);
    const boundary = request.headers.at(-1)!.split("=")[1]!;
    if (text.includes(usual)) assertNotEquals(boundary, usual);
    assertEquals(textOf(request.body).split(boundary).length, 4);
    const fields = await fieldsOf(request);
    assertEquals(fields.map(([name]) => name), ["file", "note"]);
  }));
});

Deno.test("requests of a form share the bytes of their items", async () => {
  const { encode } = await generic({ form: { file: "{{input}}", x: "1" } });
  const item = image(...new Uint8Array(2000)) as ModelInput & { kind: "bytes" };
  for (const { body } of [encode("m", [item]), encode("m", [item])]) {
    assert((body as Uint8Array[]).some((part) => part === item.bytes));
  }
});

for (const formType of ["multipart", "urlencoded"]) {
  Deno.test(`10,000 requests of a ${formType} form all differ, and hold what the model takes`, async () => {
    const protocol = await generic({ formType, form: { x: ["{{input}}"] } });
    const text = { kind: "samples", samples: [{ kind: "text", text: "é given" }] } as const;
    const tensors = [{ name: "x", datatype: "FP32" as const, shape: [3, 4] }];
    for (const spec of [text, { kind: "tensors", tensors } as const, { kind: "text", words: 12 } as const]) {
      const requests = new RunRequests({ protocol, model: "m", spec, seed: 1 });
      requests.prepare([2]);
      const pool = requests.pool(2);
      const seen = new Set<string>();
      for (let i = 0; i < 10_000; i++) {
        const request = pool.next();
        const body = textOf(request.body);
        seen.add(body);
        if (i % 1000 === 0) {
          const values = formType === "multipart"
            ? (await fieldsOf(request)).map(([, value]) => String(value))
            : new URLSearchParams(body).getAll("x");
          for (const value of values) {
            if (spec.kind === "tensors") assertEquals(JSON.parse(value).flat().length, 12);
            else assert(spec === text ? /^é given \d{8}$/.test(value) : /^(\w+ ){11}\w+$/.test(value), value);
          }
          assertEquals(values.length, 2);
        }
        pool.release(request);
      }
      assertEquals(seen.size, 10_000);
    }
  });
}

Deno.test("a description says which field of a form cannot be", async () => {
  const rows: readonly (readonly [object, ...string[]])[] = [
    [{ form: {} }, "must have a field"],
    [{ form: { a: "{{imput}}" } }, 'the form field "a"', "{{imput}}"],
    [{ form: { a: { value: "1", name: "b" } } }, "predict.form"],
    [{ form: { a: null } }, "predict.form.a must be a text, a number", "found null"],
    [{ form: { a: { b: 1 } } }, 'predict.form.a must be a text, a number, true, false, {"value"'],
    [{ form: ["a"] }, "predict.form must be an object: found Array"],
    [{ form: { a: "1" }, bodyTemplate: "{}" }, "one body", "bodyTemplate and form"],
    [{ form: { a: "1" }, headers: { "Content-Type": "multipart/form-data" } }, "sets its content type itself"],
    [{ form: { a: "1" }, formType: "xml" }, "predict.formType", "urlencoded"],
    [{ formType: "multipart" }, "formType must be with a form"],
    [{ formType: "urlencoded", form: { a: { value: "1", filename: "b" } } }, "only multipart has file names"],
    [{ form: { "a\nb": "1" } }, "on one line"],
    [{ form: { a: { value: "1", contentType: "png" } } }, "contentType must be like image/png"],
  ];
  for (const [request, ...words] of rows) {
    const error = await assertRejects(() => generic(request), UsageError, undefined, JSON.stringify(request));
    for (const word of words) assertStringIncludes(error.message, word, JSON.stringify(request));
  }
});
