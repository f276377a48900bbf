import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { writeMarker } from "../../../src/core/marker.ts";
import type { Prompt } from "../../../src/core/model_input.ts";
import { generateInputs } from "../../../src/items/generate_inputs.ts";
import { jsonItem } from "../../../src/items/json_items.ts";

const image = { type: "image_url", image_url: { url: "data:x" } };
const GIVEN: readonly Prompt[] = [
  { kind: "prompt", content: 'A "text" <0>' },
  {
    kind: "prompt",
    content: [
      { role: "system", content: "Brief ü" },
      { role: "user", content: [image, { type: "text", text: "Look" }] },
      { role: "user", content: "More" },
    ],
  },
  { kind: "prompt", content: [{ role: "system", content: "alone" }], outputTokens: 3 },
];

function written(prompt: Prompt, number: number): unknown {
  const { bytes, markers = [] } = jsonItem(prompt);
  for (const marker of markers) writeMarker(bytes, marker, number);
  return JSON.parse(new TextDecoder().decode(bytes).slice(1));
}

const made = (more: object, varies = true) =>
  generateInputs({ spec: { kind: "samples", samples: GIVEN, ...more }, from: 0, to: 3, seed: 1, varies }) as Prompt[];

Deno.test("given prompts differ in front of what their user says first, and in nothing else", () => {
  const [text, messages, silent] = made({ variesAtFront: true });
  const texts = [0, 1, 12345].map((number) => written(text!, number) as string);
  assertEquals(new Set(texts).size, 3);
  for (const each of texts) assert(/^([a-z]{4} ){7}A "text" <0>$/.test(each), each);
  type Message = { readonly content: string | readonly { readonly text?: string }[] };
  const [a, b] = [1, 2].map((number) => written(messages!, number) as readonly Message[]);
  assertEquals([a![0], a![2]], [b![0], b![2]]);
  assertEquals(a![1]!.content[0], b![1]!.content[0]);
  const said = (of: typeof a) => (of![1]!.content[1] as { readonly text: string }).text;
  assert(said(a) !== said(b) && said(a).endsWith("Look"), said(a));
  assertEquals([silent!.variation, written(silent!, 5)], [undefined, [{ role: "system", content: "alone" }]]);
  assertEquals(made({}, false).map((prompt) => written(prompt, 1)), GIVEN.map(({ content }) => content));
});

Deno.test("output tokens are drawn by the seed, but where a prompt has its own", () => {
  const lengths = { kind: "uniform", least: 10, most: 20 } as const;
  const tokens = made({ outputTokens: lengths }).map(({ outputTokens }) => outputTokens!);
  assertEquals(tokens[2], 3);
  assert(tokens.slice(0, 2).every((each) => each >= 10 && each <= 20));
  assertEquals(made({ outputTokens: lengths }).map(({ outputTokens }) => outputTokens), tokens);
});

Deno.test("made prompts have as many words as are drawn, those in front among them", () => {
  const spec = {
    kind: "prompts",
    tokens: { kind: "normal", mean: 30, deviation: 10 },
    outputTokens: { kind: "uniform", least: 5, most: 9 },
  } as const;
  const prompts = generateInputs({ spec, from: 0, to: 1024, seed: 3, varies: true }) as Prompt[];
  const words = prompts.map((prompt) => String(written(prompt, 77)).split(" ").length);
  const mean = words.reduce((sum, each) => sum + each) / words.length;
  assert(Math.abs(mean - 30) < 1.5, String(mean));
  assert(Math.min(...words) >= 1 && Math.max(...words) > 45);
  assertEquals(new Set(prompts.map(({ outputTokens }) => outputTokens)).size, 5);
  const counted = generateInputs({
    spec: { ...spec, vocabulary: ["ab", "cd", "efg"] },
    from: 0,
    to: 20,
    seed: 3,
    varies: true,
  }) as Prompt[];
  for (const prompt of counted) {
    const text = String(written(prompt, 5));
    assertEquals(text.split(" ").length, prompt.tokens);
    assertStringIncludes(" ab cd efg ", ` ${text.split(" ").at(-1)} `);
  }
});
