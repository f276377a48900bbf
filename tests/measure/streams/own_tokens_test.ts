import { assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import { STREAM_NUMBERS, type StreamRow, TOKEN_SOURCES } from "../../../src/core/stream/stream_row.ts";
import type { LoadRun } from "../../../src/load/load_run.ts";
import { withOwnTokens } from "../../../src/measure/streams/own_tokens.ts";
import { streamAccount } from "../../../src/measure/streams/stream_account.ts";

const BLANK = Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as StreamRow;
const counter = { count: (texts: readonly string[]) => Promise.resolve(texts.map((text) => text.split(" ").length)) };

function runOf(streams: readonly Partial<StreamRow>[], texts: readonly string[]): LoadRun {
  const samples = new SampleTable();
  for (const stream of streams) {
    const blank = { scheduledAt: 0, sentAt: 0, writtenAt: 0, firstByteAt: 0, endedAt: 9, serverMs: NaN, judgingMs: 0 };
    samples.record({ ...blank, result: "success", stream: { ...BLANK, chunks: 4, reads: 4, singles: 0, ...stream } });
  }
  return { samples, texts: new Map(texts.map((text, i) => [i, text])) } as unknown as LoadRun;
}

const source = (name: (typeof TOKEN_SOURCES)[number]) => ({ tokenSource: TOKEN_SOURCES.indexOf(name) });

Deno.test("a tokenizer's counts stand in where the server told none, and beside its own where it did", async () => {
  const run = runOf([
    { ...source("chunks"), firstChunks: 1, refusedCounts: 0, ownPromptTokens: 5, promptTokens: 5 },
    { ...source("usage"), outputTokens: 3, refusedCounts: 0, ownPromptTokens: 5, promptTokens: 7 },
  ], ["a b c d e f g h", "a b"]);
  const { samples, ownTokens, texts } = await withOwnTokens(run, counter);
  assertEquals([ownTokens, texts], [[[0, 8], [1, 2]], undefined]);
  const read = (i: number) =>
    (["outputTokens", "firstTokens", "ownOutputTokens"] as const).map((name) => samples.stream(i, name));
  assertEquals([read(0), read(1)], [[8, 2, 8], [3, NaN, 2]]);
  const { streams } = streamAccount([{ samples, indices: Int32Array.of(0, 1) }]);
  assertEquals(streams!.tokenSources, { own: 1, usage: 1 });
  assertEquals(streams!.ownCounts, {
    prompts: { answers: 1, own: 5, told: 7 },
    outputs: { answers: 1, own: 2, told: 3 },
  });
});

Deno.test("a run stays as it is where nobody counts, or the tokenizer ended", async () => {
  const alone = await withOwnTokens(runOf([source("chunks")], ["a"]), undefined);
  const ended = await withOwnTokens(runOf([source("chunks")], ["a"]), { count: () => Promise.reject(new Error()) });
  for (const { samples, ownTokens, texts } of [alone, ended]) {
    assertEquals([ownTokens, texts, samples.stream(0, "ownOutputTokens")], [undefined, undefined, NaN]);
  }
});
