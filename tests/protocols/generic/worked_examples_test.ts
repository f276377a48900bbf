/** The examples of src/protocols/GENERIC.md, sent to small servers that take what they are about. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { exchange } from "../../wire/exchange.ts";
import type { ModelInput } from "../../../src/core/model_input.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { parseGenericSpec } from "../../../src/protocols/generic/spec.ts";
import { PLACEHOLDERS } from "../../../src/protocols/generic/template.ts";
import { image } from "./described.ts";

const document = await Deno.readTextFile(new URL("../../../src/protocols/GENERIC.md", import.meta.url));
const [jsonApi, form, raw, ...more] = [...document.matchAll(/```json\n(.*?)```/gs)].map(([, json]) =>
  JSON.parse(json!)
);

/** What one request is answered, and how that is judged. */
async function sent(
  description: unknown,
  samples: readonly ModelInput[],
  answer: (request: Request) => unknown,
): Promise<string> {
  const generic = await parseGenericSpec(description, "server.json", () => Promise.reject());
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    return request.method === "GET" ? new Response("{}") : Response.json(await answer(request));
  });
  const { port } = server.addr as Deno.NetAddr;
  await using target = await connect(`http://127.0.0.1:${port}`, {
    generic,
    model: "m",
    inputs: { kind: "samples", samples },
  });
  const request = target.protocol.encode("m", samples);
  const transport = target.openTransport();
  const { response, message } = await exchange(transport.openLane(), request, 10_000);
  await transport.close();
  if (response === null) return message;
  const asked = { model: "m", predictions: samples.length, allowNullResults: false };
  const verdict = target.protocol.judge(response, asked);
  return verdict.kind === "success" ? verdict.kind : verdict.message;
}

const text = (text: string): ModelInput => ({ kind: "text", text });

Deno.test("the worked example of a JSON API is a batch of texts with a label for each", async () => {
  const answer = async (request: Request) => {
    const { texts, top_k } = await request.json();
    assertEquals([new URL(request.url).pathname, request.headers.get("content-type")], [
      "/predict",
      "application/json",
    ]);
    return texts.includes("bad") ? { error: "no text", labels: [0, 0] } : { labels: texts.map(() => top_k) };
  };
  assertEquals(await sent(jsonApi, [text("one"), text("two")], answer), "success");
  assertEquals(await sent(jsonApi, [text("one"), text("bad")], answer), "no text");
});

Deno.test("the worked example of a form uploads a file and a field", async () => {
  const answer = async (request: Request) => {
    const fields = await request.formData();
    const file = fields.get("file") as File;
    assertEquals([file.name, file.type, [...await file.bytes()]], ["input.png", "image/png", [1, 255]]);
    return fields.get("threshold") === "0.5" ? { class_id: 281 } : {};
  };
  assertEquals(await sent(form, [image(1, 255)], answer), "success");
});

Deno.test("the worked example of bytes sends an item as it is", async () => {
  const answer = async (request: Request) => {
    assertEquals(request.headers.get("content-type"), "application/octet-stream");
    return [...await request.bytes()];
  };
  assertEquals(await sent(raw, [image(1, 255)], answer), "success");
  assertEquals(more, []);
});

Deno.test("the document names every placeholder", () => {
  for (const name of PLACEHOLDERS) assertStringIncludes(document, `\`{{${name}}}\``);
});
