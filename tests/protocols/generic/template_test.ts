import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { UsageError } from "../../../src/core/errors.ts";
import type { ModelInput } from "../../../src/core/model_input.ts";
import { wholeBody } from "../../../src/core/wire_body.ts";
import { RunRequests } from "../../../src/load/requests/run_requests.ts";
import { generic, image, textOf } from "./described.ts";

const text = (text: string): ModelInput => ({ kind: "text", text });
const PNG = image(0x89, 0x50, 0xff);

Deno.test("a placeholder within a string of JSON is filled in without quotes", async () => {
  const { encode } = await generic({
    bodyTemplate: {
      url: "data:image/png;base64,{{base64}}",
      same: "data:{{input}}",
      whole: "{{input}}",
      b64: "{{base64}}",
      nested: "all {{inputs}} of {{batch}}",
      list: "{{inputs}}",
      model: "{{model}}",
    },
  });
  const filled = (...inputs: ModelInput[]) => JSON.parse(textOf(encode('"m"', inputs).body));
  assertEquals(filled(PNG), {
    url: "data:image/png;base64,iVD/",
    same: "data:iVD/",
    whole: "iVD/",
    b64: "iVD/",
    nested: 'all ["iVD/"] of 1',
    list: ["iVD/"],
    model: '"m"',
  });
  assertEquals(filled(text('é"\\\n'), text("b")), {
    url: "data:image/png;base64,w6kiXAo=",
    same: 'data:é"\\\n',
    whole: 'é"\\\n',
    b64: "w6kiXAo=",
    nested: 'all ["é\\"\\\\\\n","b"] of 2',
    list: ['é"\\\n', "b"],
    model: '"m"',
  });
  assertEquals(filled({ kind: "json", value: { a: "b" } }).same, 'data:{"a":"b"}');
});

Deno.test("every item is found again in a template of JSON, wherever its placeholder stands", async () => {
  const { encode } = await generic({
    bodyTemplate: { 'a\\"{{batch}}': ['x"{{input}}\\', "{{input}}", "{{ inputs }}"] },
  });
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (given) => {
      const wellFormed = given.toWellFormed();
      const [[key, [inner, whole, list]]] = Object.entries<unknown[]>(
        JSON.parse(textOf(encode("m", [text(wellFormed)]).body)),
      ) as [
        [string, unknown[]],
      ];
      assertEquals([key, inner, whole, list], ['a\\"1', `x"${wellFormed}\\`, wellFormed, [wellFormed]]);
    }),
    { numRuns: 50 },
  );
});

Deno.test("a template of JSON in a file is read as one in the description", async () => {
  const { encode } = await generic({
    bodyTemplate: '{"a": "{{input}}", "b": {{input}}, "c": "x{{input}}", "d": "\\"{{batch}}"}',
  });
  assertEquals(JSON.parse(textOf(encode("m", [text("é")]).body)), { a: "é", b: "é", c: "xé", d: '"1' });
  assertEquals(JSON.parse(textOf(encode("m", [{ kind: "json", value: [1] }]).body)).a, [1]);
});

Deno.test("{{bytes}} puts an item's bytes into a template as they are", async () => {
  const headers = { "content-type": "application/octet-stream" };
  const { encode } = await generic({ headers, bodyTemplate: "head {{bytes}} tail" });
  const bytes = (item: ModelInput) => [...wholeBody(encode("m", [item]).body)];
  assertEquals(bytes(PNG), [
    ...new TextEncoder().encode("head "),
    0x89,
    0x50,
    0xff,
    ...new TextEncoder().encode(" tail"),
  ]);
  assertEquals(textOf(encode("m", [text("é")]).body), "head é tail");
  assertEquals(textOf(encode("m", [{ kind: "json", value: ["a"] }]).body), 'head ["a"] tail');
});

Deno.test("a template of JSON is one under other content types as well, and each line of it where they say so", async () => {
  for (const type of ["application/x-ndjson", "application/jsonl", "text/plain", "application/octet-stream"]) {
    const headers = { "content-type": type };
    for (const placeholder of ["{{input}}", "{{base64}}"]) {
      for (const bodyTemplate of [{ image: placeholder }, `{"image": "data:${placeholder}"}`]) {
        const { encode } = await generic({ headers, bodyTemplate });
        assertStringIncludes(JSON.parse(textOf(encode("m", [PNG]).body)).image, "iVD/");
      }
    }
  }
  const headers = { "content-type": "application/x-ndjson" };
  const { encode } = await generic({ headers, bodyTemplate: '{"index": {}}\n{"image": "{{input}}"}\n' });
  assertEquals(textOf(encode("m", [PNG]).body), '{"index": {}}\n{"image": "iVD/"}\n');
  const sequence = { "content-type": "application/json-seq" };
  const { encode: encodeOne } = await generic({ headers: sequence, bodyTemplate: '\u001e{"image": "{{base64}}"}\n' });
  assertEquals(textOf(encodeOne("m", [PNG]).body), '\u001e{"image": "iVD/"}\n');
  await assertRejects(
    () => generic({ headers, bodyTemplate: '{"index":\n{"image": "{{input}}"}}' }),
    UsageError,
    "each of its lines must be JSON",
  );
});

Deno.test("bytes are base64 without quotes in a text that is no JSON", async () => {
  for (const placeholder of ["{{input}}", "{{base64}}"]) {
    for (const [before, after] of [["", ""], ["<image>", "</image>"]]) {
      const headers = { "content-type": "text/xml" };
      const { encode } = await generic({ headers, bodyTemplate: `${before}${placeholder}${after}` });
      assertEquals(textOf(encode("m", [PNG]).body), `${before}iVD/${after}`);
    }
  }
});

const MULTIPART = { "content-type": "multipart/form-data; boundary=xyz" };
const PART = '--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n';

Deno.test("a form that is written as a template holds items as they are", async () => {
  for (const placeholder of ["{{input}}", "{{bytes}}"]) {
    const { encode } = await generic({ headers: MULTIPART, bodyTemplate: `${PART}${placeholder}\r\n--xyz--\r\n` });
    const { headers, body } = encode("m", [PNG]);
    assertEquals(headers, ["content-type", "multipart/form-data; boundary=xyz"]);
    const form = await new Response(wholeBody(body), { headers: MULTIPART }).formData();
    assertEquals([...await (form.get("file") as File).bytes()], [0x89, 0x50, 0xff]);
  }
  const urlencoded = { "content-type": "application/x-www-form-urlencoded" };
  const { encode } = await generic({ headers: urlencoded, bodyTemplate: "a={{input}}&b={{model}}" });
  assertEquals([...new URLSearchParams(textOf(encode("m&", [text("a&b=c é")]).body))], [["a", "a&b=c é"], ["b", "m&"]]);
});

Deno.test("a body that cannot be what its content type says is refused, by the item that is sent", async () => {
  const refused = async (request: object, item: ModelInput, ...words: string[]) => {
    const error = await assertRejects(async () => (await generic(request)).encode("m", [item]), UsageError);
    for (const word of ['predict in "server.json"', ...words]) assertStringIncludes(error.message, word);
    return error.hint ?? "";
  };
  assertStringIncludes(
    await refused({ bodyTemplate: { a: "x{{bytes}}" } }, PNG, "bytes that are no text"),
    "{{base64}}",
  );
  await refused({ bodyTemplate: { a: "x{{bytes}}" } }, text('b"c'), 'behind {"a":"xb"');
  await refused({ bodyTemplate: '{"a": {{input}}' }, PNG, "must be JSON once it is filled in");
  await refused({ bodyTemplate: "{{model}}" }, PNG, "must be JSON");
  const form = async (bodyTemplate: string, item: ModelInput, words: string, headers = MULTIPART) =>
    assertStringIncludes(await refused({ headers, bodyTemplate }, item, words), '"form"');
  await form(`${PART}{{input}}`, PNG, "no \\r\\n--xyz--");
  await form(`${PART}{{input}}\r\n--xyz--\r\n`, text("a\r\n--xyz\r\nb"), "part 2 has no Content-Disposition");
  await form(`${PART}{{input}}\r\n--xyz--\r\n`.replaceAll("\r\n", "\n"), PNG, "no line end");
  await form("--xyz\r\n\r\n{{input}}\r\n--xyz--", PNG, "part 1 has no Content-Disposition");
  await form(`${PART}{{input}}\r\n--xyz--`, PNG, "does not begin with --abc", {
    "content-type": "multipart/form-data; boundary=abc",
  });
  await form(`${PART}{{input}}\r\n--xyz--`, PNG, "must name the boundary", { "content-type": "multipart/form-data" });
  const { encode } = await generic({ bodyTemplate: { a: "x{{bytes}}" } });
  encode("m", [text("fine")]);
  assertThrows(() => encode("m", [text('b"')]), UsageError);
});

Deno.test("requests with a text within a string of JSON all differ", async () => {
  const protocol = await generic({ bodyTemplate: { prompt: 'Say "{{input}}" now' } });
  const samples = [text('é "given"')];
  const requests = new RunRequests({ protocol, model: "m", spec: { kind: "samples", samples }, seed: 1 });
  requests.prepare([1]);
  const prompts = Array.from({ length: 2000 }, () => JSON.parse(textOf(requests.pool(1).next().body)).prompt);
  assertEquals(new Set(prompts).size, 2000);
  for (const prompt of prompts) assertEquals(prompt.replace(/\d{8}/, ""), 'Say "é "given" " now');
});
