import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../../../src/core/errors.ts";
import { readPrompts } from "../../../../src/cli/inputs/prompts/read_prompts.ts";

const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

async function fileOf(name: string, text: string): Promise<string> {
  await Deno.writeTextFile(`${folder}/${name}`, text);
  return `${folder}/${name}`;
}

async function read(name: string, text: string) {
  const { prompts, ...rest } = await readPrompts(await fileOf(name, text));
  return {
    ...rest,
    prompts: prompts.map(({ prompt: { kind: _, ...prompt }, answer }) => answer ? { ...prompt, answer } : prompt),
  };
}

async function refused(name: string, text: string): Promise<string> {
  const path = await fileOf(name, text);
  return (await assertRejects(() => readPrompts(path), UsageError)).message;
}

Deno.test("prompts of other programs are read, with the lengths and what else they ask for of their own", async () => {
  const lines = [
    { prompt: "vllm bench", output_tokens: 12 },
    { text: "AIPerf", output_length: 5, session_id: "a" },
    { text_input: "GenAI-Perf" },
    { prompt: "GuideLLM", output_tokens_count: 7, prompt_tokens_count: 2 },
    { texts: ["one", "two"] },
    { turns: [{ text: "first", output_length: 3 }, { text: "second" }] },
    {
      model: "m",
      stream: true,
      messages: [{ role: "user", content: "OpenAI" }],
      max_tokens: 9,
      temperature: 0.5,
      tools: [{}],
    },
    { custom_id: "1", method: "POST", url: "/v1", body: { messages: [{ role: "user", content: "batch" }] } },
    "only a text",
  ];
  const { prompts, count, notes } = await read(
    "a.jsonl",
    `${lines.map((line) => JSON.stringify(line)).join("\n\n")}\n`,
  );
  assertEquals(prompts, [
    { content: "vllm bench", outputTokens: 12 },
    { content: "AIPerf", outputTokens: 5 },
    { content: "GenAI-Perf" },
    { content: "GuideLLM", outputTokens: 7 },
    { content: [{ role: "user", content: [{ type: "text", text: "one" }, { type: "text", text: "two" }] }] },
    { content: "first", outputTokens: 3 },
    { content: [{ role: "user", content: "OpenAI" }], outputTokens: 9, members: { temperature: 0.5, tools: [{}] } },
    { content: [{ role: "user", content: "batch" }] },
    { content: "only a text" },
  ]);
  assertEquals(count, 9);
  assertStringIncludes(notes.join("\n"), '"session_id", "prompt_tokens_count"');
  assertStringIncludes(notes.join("\n"), "Of 1 conversations");
});

Deno.test("ShareGPT's form gives what its user says first, and what was answered", async () => {
  const turn = (from: string, value: string) => ({ from, value });
  const { prompts, notes } = await read(
    "b.json",
    JSON.stringify([
      {
        id: "1",
        conversations: [turn("system", "s"), turn("human", "Hello"), turn("gpt", "Hi"), turn("human", "More")],
      },
      { id: "2", conversations: [turn("gpt", "Hi")] },
      { conversations: [{ role: "user", content: "Bye" }] },
    ]),
  );
  assertEquals(prompts, [{ content: "Hello", answer: "Hi" }, { content: "Bye" }]);
  assertStringIncludes(notes.join("\n"), "1 conversations are passed over");
  assertStringIncludes(await refused("c.json", '[{"conversations": []}]'), 'entry 1 must have a turn {"from": "human"');
});

Deno.test("members that say nothing are no matter, and texts that are not sent are told", async () => {
  const lines = [
    { prompt: "a", images: [], session: null },
    { text: "b", image: null, content: "c" },
    { instruction: "Translate this", input: "Guten Tag", output: "" },
    { instruction: "Tell me more", input: "" },
  ];
  const { prompts, notes } = await read("p.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
  assertEquals(prompts.map(({ content }) => content), ["a", "b", "Translate this\n\nGuten Tag", "Tell me more"]);
  assertEquals(notes, [`Of the prompts of "${folder}/p.jsonl" is passed over: "content".`]);
});

Deno.test("a text file has a prompt a line, whatever stands in it; a file without an ending tells by itself", async () => {
  assertEquals((await read("d.txt", 'Hello\r\n\r\n{"prompt": 1}\n')).prompts, [{ content: "Hello" }, {
    content: '{"prompt": 1}',
  }]);
  assertEquals((await read("e", '{"prompt": "x"}')).prompts, [{ content: "x" }]);
  assertEquals((await read("f", "Hello there\n")).prompts, [{ content: "Hello there" }]);
  assertEquals((await read("f.json", '{"prompt": "x"}\n{"prompt": "y"}\n')).prompts.length, 2);
});

Deno.test("a file that cannot be sent is refused with the line at fault", async () => {
  assertStringIncludes(await refused("g.jsonl", '{"prompt": "x"}\n\n{"prompt": \n'), "as line 3 must be JSON");
  assertStringIncludes(
    await refused("h.jsonl", '{"a": 1}'),
    'as line 1 must have "messages", "prompt", "text" or "text_input": it has "a"',
  );
  assertStringIncludes(
    await refused("i.jsonl", '{"messages": [{"content": "x"}]}'),
    'line 1 must have messages, each an object with a "role"',
  );
  assertStringIncludes(
    await refused("j.jsonl", '{"prompt": "x", "max_tokens": 0}'),
    'whole number from 1 as "max_tokens": 0',
  );
  assertStringIncludes(await refused("k.jsonl", '{"prompt": "  "}'), "a text that is not empty");
  assertStringIncludes(await refused("l.jsonl", '{"text": "x", "image": "a.png"}'), 'images as parts of "messages"');
  assertStringIncludes(await refused("m.jsonl", "\n"), "it must hold at least one prompt: it is empty");
  assertStringIncludes(await refused("n.parquet", "PAR1"), "it must be JSON, JSONL or text: its name ends in .parquet");
  assertStringIncludes((await assertRejects(() => readPrompts(`${folder}/none`), UsageError)).message, "there is none");
});
