import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { loadResult } from "../../../src/cli/inputs/report_file.ts";
import { openTokenizer } from "../../../src/cli/tokenizer/open_tokenizer.ts";
import { MADE_WORDS } from "../../../src/items/made_values.ts";
import { formatText } from "../../../src/report/text/format_text.ts";
import { run } from "../command.ts";
import { tokenizerFolder } from "./tokenizer_file.ts";

Deno.test("openTokenizer() counts in a process of its own, and says why it cannot", async () => {
  const folder = await tokenizerFolder();
  try {
    {
      await using tokenizer = await openTokenizer(folder);
      assertEquals(await tokenizer.count(["time years man", "", "times"]), [4, 0, 2]);
      const long = "time ".repeat(300_000);
      assertEquals(await tokenizer.count([long, long, "a"]), [300_000, 300_000, 1]);
      assertEquals((await tokenizer.count(Array<string>(200_000).fill(""))).length, 200_000);
      assertEquals((await tokenizer.words(MADE_WORDS)).length, MADE_WORDS.length);
    }
    await Deno.writeTextFile(`${folder}/bad.json`, "{");
    const { message } = await assertRejects(() => openTokenizer(`${folder}/bad.json`), UsageError);
    assertStringIncludes(message, 'bad.json": ');
    const none = await assertRejects(() => openTokenizer(`${folder}/none`), UsageError);
    assertStringIncludes(none.message, "a folder with one: there is none");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** A server of OpenAI's API that counts nothing, and writes two words a chunk. */
function openUncounted() {
  const prompts: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/v1/models") return Response.json({ data: [{ id: "m" }] });
    if (pathname !== "/v1/chat/completions") return new Response("no", { status: 404 });
    const { messages: [{ content }], max_tokens: tokens } = await request.json();
    prompts.push(content);
    const chunk = (delta: object, finish: string | null = null) =>
      `data: ${JSON.stringify({ choices: [{ delta, finish_reason: finish }] })}\n\n`;
    const body = chunk({ content: " time year" }).repeat(tokens / 2) + chunk({}, "length") + "data: [DONE]\n\n";
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  return { server, prompts };
}

Deno.test("the command counts by a tokenizer where the server does not, also with threads and from its samples", async () => {
  const folder = await tokenizerFolder();
  const { server, prompts } = openUncounted();
  try {
    for (const workers of ["1", "2"]) {
      prompts.length = 0;
      const { code, stderr } = await run([
        ...["--test-type", "basic", "--url", `http://127.0.0.1:${server.addr.port}`, "--tokenizer", folder],
        ...["--prompt-tokens", "20:40", "--output-tokens", "8", "--requests", "20", "--concurrency", "2"],
        ...["--workers", workers, "--format", "json", "--output", `${folder}/r.json`, "--samples", `${folder}/s.csv`],
      ]);
      assertEquals(code, 0, stderr);
      const report = await loadResult(`${folder}/r.json`);
      const { outputTokens, promptTokens, streams } = report.tests.basic!;
      assertEquals(streams!.tokenSources, { own: 20 });
      assertEquals([outputTokens!.min, outputTokens!.max], [8, 8]);
      assert(promptTokens!.min >= 20 && promptTokens!.max <= 40 && promptTokens!.min < promptTokens!.max);
      const words = new Set(prompts.map((prompt) => prompt.split(" ").length));
      assert(words.has(promptTokens!.min) && words.has(promptTokens!.max), "as long as they are told to be");
      assertStringIncludes(formatText(report, { width: 80 }), "counted by the tokenizer given");
      if (workers === "1") assertEquals(await loadResult(`${folder}/s.csv`), report, "samples give the results again");
    }
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
