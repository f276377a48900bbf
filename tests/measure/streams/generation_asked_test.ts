import { assertEquals } from "@std/assert";
import { generationAsked } from "../../../src/measure/streams/generation_asked.ts";

Deno.test("generationAsked() tells what is sent, also where members of all requests say so", () => {
  const asked = {
    outputTokens: 64,
    temperature: 0,
    prompts: [{ kind: "prompt", content: "a", outputTokens: 5 }],
  } as const;
  const told = { endpoint: "chat", prompts: 1 } as const;
  const of = (tokens: number) => ({ mean: tokens, least: tokens, most: tokens });
  assertEquals(generationAsked(asked), { ...told, outputTokens: of(5), temperature: 0 });
  assertEquals(generationAsked({ ...asked, extraBody: { max_tokens: 9, temperature: 0.5, user: "secret" } }), {
    ...told,
    outputTokens: of(9),
    temperature: 0.5,
    members: ["max_tokens", "temperature", "user"],
  });
  assertEquals(generationAsked({ ...asked, extraBody: { options: { num_predict: 7, top_p: 0.9, num_ctx: 4096 } } }), {
    ...told,
    outputTokens: of(7),
    temperature: 0,
    topP: 0.9,
    members: ["options"],
  });
});
