import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { TargetError, UsageError } from "../../../src/core/errors.ts";
import { inWords } from "../../../src/core/option_words.ts";
import { genericProtocol } from "../../../src/protocols/generic.ts";
import { parseGenericSpec } from "../../../src/protocols/generic/spec.ts";
import { proposeDescription } from "../../../src/protocols/openapi/propose.ts";

const recorded = async (name: string) =>
  JSON.parse(await Deno.readTextFile(new URL(`./recorded/${name}.json`, import.meta.url)));

function proposed(document: unknown, path?: string) {
  const { description, notes } = proposeDescription(document, path);
  return { description, notes: notes.map((note) => inWords(note)).join("\n") };
}

/** A document with one request. */
function withBody(schema: unknown, more: object = {}, contentType = "application/json") {
  const post = { requestBody: { content: { [contentType]: { schema } } }, ...more };
  return { openapi: "3.1.0", paths: { "/predict": { post } } };
}

const HEALTH = { health: { path: "/health" } };

/** What is proposed for the documents that real servers answered: FastAPI 0.165, LitServe 0.2.19, BentoML 1.4.40. */
const ROWS: readonly (readonly [string, string | undefined, unknown, ...string[]])[] = [
  [
    "fastapi",
    undefined,
    {
      predict: { path: "/predict", bodyTemplate: { text: "{{input}}", language: "en", threshold: 0.5 } },
      predictions: "/scores",
      ...HEALTH,
      examples: ["A film that I liked"],
    },
    "Taken is /predict, the likeliest by its name",
    "for path: /embed",
  ],
  [
    "fastapi",
    "/embed",
    {
      predict: { path: "/embed", bodyTemplate: { inputs: "{{inputs}}", normalize: true } },
      ...HEALTH,
      examples: ["An example text"],
    },
    '"inputs" is taken for a list of items',
    "is made up",
    "every answer of status 2xx counts as one for each item",
  ],
  ["fastapi", "/tabular", {
    predict: { path: "/tabular", bodyTemplate: { features: "{{inputs}}" } },
    ...HEALTH,
    examples: [[5.1, 3.5, 1.4, 0.2]],
  }],
  ["fastapi", "/classify_image", {
    predict: { path: "/classify_image", form: { file: "{{input}}", top_k: 5 } },
    ...HEALTH,
  }, '"file" is a file'],
  ["fastapi", "/classify_images", {
    predict: { path: "/classify_images", form: { files: ["{{input}}"] } },
    ...HEALTH,
  }],
  ["fastapi", "/login", {
    predict: { path: "/login", formType: "urlencoded", form: { username: "{{input}}", password: "An example text" } },
    ...HEALTH,
    examples: ["An example text"],
  }, "no example: /password"],
  ["fastapi", "/raw", {
    predict: { path: "/raw", headers: { "content-type": "application/octet-stream" } },
    ...HEALTH,
  }, "one item as it is"],
  ["litserve", undefined, {
    predict: { path: "/predict", bodyTemplate: { input: "{{input}}", name: "An example text" } },
    ...HEALTH,
    examples: [4],
  }, "no example: /name"],
  ["litserve_untyped", undefined, {
    predict: { path: "/predict", bodyTemplate: { input: "{{input}}" } },
    ...HEALTH,
    examples: [1],
  }, "does not say what a body holds"],
  ["bentoml", undefined, {
    predict: { path: "/classify", form: { image: "{{input}}", opts: '{"k":3}' } },
    health: { path: "/healthz" },
  }],
  ["bentoml", "/encode", {
    predict: { path: "/encode", bodyTemplate: { sentences: "{{inputs}}" } },
    predictions: "",
    health: { path: "/healthz" },
    examples: ["An example text"],
  }],
];

Deno.test("proposeDescription() describes real servers by what they answer", async () => {
  for (const [name, path, description, ...words] of ROWS) {
    const found = proposed(await recorded(name), path);
    assertEquals(found.description, description, `${name} ${path}`);
    for (const word of words) assertStringIncludes(found.notes, word, `${name} ${path}`);
    const spec = await parseGenericSpec(found.description, "server.json", () => Promise.reject());
    const { encode } = await genericProtocol(spec).bind(() => Promise.reject());
    for (const item of spec.examples) encode("m", [item]);
  }
});

Deno.test("proposeDescription() fills in what must be in path, query and headers", () => {
  const parameters = [
    { name: "model_name", in: "path", required: true, schema: { type: "string" } },
    { name: "version", in: "path", required: true, schema: { type: "integer", minimum: 3 } },
    { name: "k", in: "query", required: true, schema: { type: "integer", default: 7 } },
    { name: "q", in: "query", schema: { type: "string" } },
    { name: "x-team", in: "header", required: true, schema: { $ref: "#/components/schemas/Team" } },
  ];
  const requestBody = { $ref: "#/components/requestBodies/Text" };
  const document = {
    paths: { "/models/{model_name}/{version}": { parameters, put: { requestBody } } },
    components: {
      schemas: { Team: { type: "string", enum: ["a b"] } },
      requestBodies: { Text: { content: { "application/json": { schema: { type: "string", example: "hi" } } } } },
    },
  };
  const { description, notes } = proposed(document);
  assertEquals(description, {
    predict: {
      method: "PUT",
      path: "/models/{{model}}/3?k=7",
      headers: { "x-team": "a b" },
      bodyTemplate: "{{input}}",
    },
    examples: ["hi"],
  });
  assertStringIncludes(notes, "model's name. Give it with model");
  assertStringIncludes(notes, "{version} of the path is made up");
});

Deno.test("proposeDescription() tells items from settings by names and types", () => {
  const rows: readonly (readonly [object, unknown, readonly unknown[]])[] = [
    [{ max_tokens: { type: "integer" }, prompt: { type: "string" } }, { max_tokens: 1, prompt: "{{input}}" }, [
      "An example text",
    ]],
    [{ image: { type: "string", contentEncoding: "base64" }, top_k: { type: "integer", default: 3 } }, {
      image: "{{input}}",
      top_k: 3,
    }, []],
    [{ image_url: { type: "string" }, text: { type: "string" } }, { image_url: "An example text", text: "{{input}}" }, [
      "An example text",
    ]],
    [{ messages: { type: "array", items: { type: "object" }, example: [{ role: "user" }] } }, {
      messages: "{{input}}",
    }, [[{ role: "user" }]]],
    [{ features: { type: "array", items: { type: "number" }, minItems: 3 } }, { features: "{{input}}" }, [[
      0.5,
      0.5,
      0.5,
    ]]],
    [{ instances: { type: "array", items: { type: "object", properties: { x: { const: 1 } }, required: ["x"] } } }, {
      instances: "{{inputs}}",
    }, [{ x: 1 }]],
    [
      { input_ids: { type: "array", items: { type: "integer" } }, mask: { type: "array", items: { type: "integer" } } },
      {
        input_ids: "{{input}}",
        mask: [1, 1, 1, 1],
      },
      [[1, 1, 1, 1]],
    ],
    [{ model: { type: "string" }, input: { anyOf: [{ type: "string" }, { type: "null" }] } }, {
      model: "{{model}}",
      input: "{{input}}",
    }, ["An example text"]],
  ];
  for (const [properties, bodyTemplate, examples] of rows) {
    const schema = { type: "object", properties, required: Object.keys(properties) };
    const { description } = proposed(withBody(schema));
    const wanted = { predict: { path: "/predict", bodyTemplate }, ...examples.length === 0 ? {} : { examples } };
    assertEquals(description, wanted as typeof description);
  }
});

Deno.test("proposeDescription() reads Swagger 2, and documents that hold themselves", () => {
  const swagger = {
    swagger: "2.0",
    basePath: "/api/",
    paths: {
      "/infer": {
        post: {
          consumes: ["multipart/form-data"],
          parameters: [
            { name: "img", in: "formData", type: "file", required: true },
            { name: "k", in: "formData", type: "integer", default: 2 },
          ],
          responses: { 200: { schema: { type: "object", properties: { result: { type: "array" } } } } },
        },
      },
    },
  };
  assertEquals(proposed(swagger).description, {
    predict: { path: "/api/infer", form: { k: 2, img: "{{input}}" } },
    predictions: "/result",
  });
  const node = { type: "object", properties: { child: { $ref: "#/components/schemas/Node" } }, required: ["child"] };
  const circle = { ...withBody({ $ref: "#/components/schemas/Node" }), components: { schemas: { Node: node } } };
  assert(JSON.stringify(proposed(circle).description).includes("{{input}}"));
  const self = {
    ...withBody({ $ref: "#/components/schemas/A" }),
    components: { schemas: { A: { $ref: "#/components/schemas/A" } } },
  };
  assertEquals(proposed(self).description["predict"], { path: "/predict", bodyTemplate: { input: "{{input}}" } });
});

Deno.test("proposeDescription() says what there is where a path is none, or nothing predicts", async () => {
  assertThrows(() => proposeDescription({ paths: {} }), TargetError, "must have a POST request");
  const document = await recorded("bentoml");
  assertThrows(() => proposeDescription(document, "/nope"), UsageError, "/classify, /encode, /summarize");
  const others = { paths: { "/a": { post: {} }, "/b": { post: {} }, "/load": { post: {} } } };
  assertStringIncludes(proposed(others).notes, "Taken is /a, the first, as no name tells");
});
