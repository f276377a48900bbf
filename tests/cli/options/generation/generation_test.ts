import { assert, assertAlmostEquals, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { loadResult } from "../../../../src/cli/inputs/report_file.ts";
import { formatCsv } from "../../../../src/report/csv/format_csv.ts";
import { formatText } from "../../../../src/report/text/format_text.ts";
import { startFakeServer } from "../../../protocols/fake_server.ts";
import { fakeOllama } from "../../../protocols/ollama/fake_ollama.ts";
import { run } from "../../command.ts";

/** Mean time of a token behind those of the first moment, over the answers of the window of a file of samples, ms. */
function meanTokenMs(csv: string): number {
  const [, from, to] = /"windowFrom":(\d+),"windowTo":(\d+)/.exec(csv)!;
  const [names, ...rows] = csv.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(","));
  const at = (row: readonly string[], name: string) => Number(row[names!.indexOf(name)]);
  const times = rows.slice(Number(from), Number(to)).map((row) =>
    (at(row, "last_token_ms") - at(row, "first_token_ms")) / (at(row, "output_tokens") - at(row, "first_tokens"))
  );
  return times.reduce((sum, ms) => sum + ms, 0) / times.length;
}

Deno.test("the command measures the embedded language model: first tokens, tokens, and objectives of both", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = (name: string) => `${folder}/${name}`;
    const { code, stderr } = await run([
      ...[
        "--test-type",
        "basic",
        "--model",
        "llama_tiny",
        "--concurrency",
        "4",
        "--requests",
        "12",
        "--output-tokens",
        "8",
      ],
      ...["--prompt-tokens", "20", "--gate", "ttft_p50<60s,tpot-p50<60s,output>0.1tokens/s", "--gate-lenient"],
      ...["--format", "json", "--output", path("r.json"), "--samples", path("s.csv"), "--report", path("r.html")],
    ]);
    assertEquals(code, 0, stderr);
    const report = await loadResult(path("r.json"));
    const basic = report.tests.basic!;
    const { firstTokenMs, tokenMs, latencyMs, outputTokens, promptTokens, outputTokensPerSecond } = basic;
    assertEquals([basic.succeeded, basic.failed], [12, 0]);
    assertEquals([outputTokens!.min, outputTokens!.max, promptTokens!.min, promptTokens!.max], [8, 8, 25, 25]);
    assert(firstTokenMs!.mean.value < latencyMs!.mean.value);
    assertAlmostEquals(tokenMs!.mean.value, meanTokenMs(await Deno.readTextFile(path("s.csv"))), 1e-6);
    assertGreater(outputTokensPerSecond!.value, 0);
    assertEquals(await loadResult(path("s.csv")), report, "samples give the results again");
    const text = formatText(report, { width: 80 });
    assertStringIncludes(text, "Streaming: 12 answers");
    assert(text.split("\n").every((line) => line.length <= 80), text);
    assertStringIncludes(formatCsv(report), "time_to_first_token_p95");
    assert(!text.includes("Transfer"), "reading a stream is no transfer");
    assertStringIncludes(await Deno.readTextFile(path("r.html")), "First token");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the command sends prompts of a file in turn, as long as they say, and tells what was asked", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = (name: string) => `${folder}/${name}`;
    await Deno.writeTextFile(path("p.jsonl"), '{"prompt": "a b c", "output_tokens": 3, "id": 1}\n"d e f"\n');
    const { code, stderr } = await run([
      ...["--test-type", "basic", "--model", "llama_tiny", "--concurrency", "2", "--requests", "8"],
      ...["--prompts", path("p.jsonl"), "--workers", "2", "--format", "json", "--output", path("r.json")],
    ]);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, 'is passed over: "id".');
    const report = await loadResult(path("r.json"));
    const { outputTokens, streams } = report.tests.basic!;
    assertEquals([outputTokens!.min, outputTokens!.max], [3, 64]);
    const asked = { endpoint: "chat", prompts: 2, outputTokens: { mean: 33.5, least: 3, most: 64 }, temperature: 0 };
    assertEquals(report.target.generation, asked as typeof report.target.generation);
    const text = formatText(report, { width: 80 });
    assertStringIncludes(text, "Prompts: 2 given, in turn (chat)");
    assertStringIncludes(text.replaceAll(/\s+/g, " "), "Each of the 2 prompts was sent about");
    assertStringIncludes(formatCsv(report), `tokens_counted_by_ids,requests,${streams!.answers}`);
    await Deno.writeTextFile(path("bad.jsonl"), '{"prompt": "a"}\n{"promt": "a"}\n');
    const bad = await run(["--test-type", "basic", "--model", "llama_tiny", "--prompts", path("bad.jsonl")]);
    assertEquals(bad.code, 2);
    assertStringIncludes(bad.stderr, 'bad.jsonl" as line 2 must have "messages", "prompt", "text" or "text_input"');
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the command says what it needs where the model writes no texts", async () => {
  const { code, stderr } = await run(["--test-type", "basic", "--output-tokens", "8", "--requests", "1"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Cannot be told what to write as the protocol must be that of a language model");
  assertStringIncludes(stderr, "Leave --output-tokens N out.");
  const both = await run(["--test-type", "basic", "--prompts", "p", "--prompt-tokens", "3"]);
  assertStringIncludes(both.stderr, 'there must be one of "--prompt-tokens" and "--prompts"');
  const lengths = await run(["--test-type", "basic", "--input-data", "p", "--output-tokens", "3:5"]);
  assertStringIncludes(lengths.stderr, 'Cannot draw "--output-tokens"');
  const foreign = await run(["--test-type", "basic", "--osl", "3"]);
  assertStringIncludes(foreign.stderr, "Did you mean --output-tokens?");
});

Deno.test("the command refuses an option of generation that the protocol's servers do not have", async () => {
  await using server = await startFakeServer(fakeOllama);
  const { code, stderr } = await run(["--test-type", "basic", "--url", server.url, "--ignore-eos", "--requests", "1"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Cannot use --ignore-eos as the protocol must have it: ollama has nothing like it");
});
