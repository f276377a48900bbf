/**
 * Records what servers of language models stream into `tests/protocols/openai/recorded/`, as fixtures:
 * `TORCHGAUGE_LIVE_VENV_TORCH=... TORCHGAUGE_LIVE_VENV_VLLM=... deno run -A tests/live/language/record.ts [NAME ...]`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { liveEnvironment, type VenvName } from "../environment.ts";
import type { LiveServer } from "../servers/live_server.ts";
import { startTransformersServe, TINY_LLAMA } from "../servers/transformers_serve.ts";
import { startVllm } from "../servers/vllm.ts";
import { type RecordedStream, recordStream } from "./record_stream.ts";

const CHAT = "POST /v1/chat/completions", COMPLETIONS = "POST /v1/completions";
const TOKENS = 8;
const usage = { stream_options: { include_usage: true } };
const continuous = { stream_options: { include_usage: true, continuous_usage_stats: true } };
const ids = { ...continuous, return_token_ids: true };
const base = { model: TINY_LLAMA, stream: true, max_tokens: TOKENS, temperature: 0 };
const messages = [{ role: "user", content: "await the loop and close it" }];
const chat = { ...base, messages };
const completion = { ...base, prompt: "async def main(" };
const TOOL = {
  tools: [{ type: "function", function: { name: "go", parameters: { type: "object", properties: {} } } }],
  tool_choice: { type: "function", function: { name: "go" } },
};

type Ask = (
  note: string,
  request: string,
  sent?: unknown,
  onPiece?: (pieces: number) => void,
) => Promise<RecordedStream>;

async function recordVllm(venv: VenvName): Promise<RecordedStream[]> {
  const streams: RecordedStream[] = [];
  const keep = asking(streams);
  await withServer(venv, (e) => startVllm(e, { more: ["--reasoning-parser", "deepseek_r1"] }), async (server) => {
    await keep(server)("the end of thinking never comes", CHAT, { ...chat, ...continuous });
  });
  await withServer(venv, (e) => startVllm(e, { streamInterval: 4 }), async (server) => {
    const ask = keep(server);
    await ask("4 tokens an event, counted at the end", CHAT, { ...chat, ...usage });
    await ask("4 tokens an event, counted at each", CHAT, { ...chat, ...continuous });
    await ask("4 tokens an event, named", CHAT, { ...chat, ...ids });
    await ask("4 tokens an event, named, completions", COMPLETIONS, { ...completion, ...ids });
  });
  const more = ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"];
  await withServer(venv, (e) => startVllm(e, { more }), async (server) => {
    const ask = keep(server);
    await ask("models", "GET /v1/models");
    await ask("uncounted", CHAT, chat);
    await ask("counted at the end", CHAT, { ...chat, ...usage });
    await ask("counted at each", CHAT, { ...chat, ...continuous });
    await ask("named", CHAT, { ...chat, ...ids });
    await ask("the same prompt again", CHAT, {
      ...chat,
      messages: [{ role: "user", content: "x ".repeat(64) }],
      ...usage,
    });
    await ask("the same prompt again, held", CHAT, {
      ...chat,
      messages: [{ role: "user", content: "x ".repeat(64) }],
      ...usage,
    });
    await ask("two answers at once", CHAT, { ...chat, ...continuous, n: 2, temperature: 1, seed: 1 });
    await ask("a tool is called", CHAT, { ...chat, ...continuous, ...TOOL, max_tokens: 24 });
    await ask("one token", CHAT, { ...chat, ...ids, max_tokens: 1 });
    await ask("completions, counted at the end", COMPLETIONS, { ...completion, ...usage });
    await ask("completions, counted at each", COMPLETIONS, { ...completion, ...continuous });
    await ask("completions, named", COMPLETIONS, { ...completion, ...ids });
    await ask("no such model", CHAT, { ...chat, model: "no-such-model" });
    await ask("context too long", CHAT, { ...chat, max_tokens: 5000 });
    await ask("prompt too long", COMPLETIONS, { ...completion, prompt: "x ".repeat(3000) });
    await ask("refused sampling", CHAT, { ...chat, temperature: -1 });
    await ask("metrics", "GET /metrics");
    await ask("the engine dies", CHAT, { ...chat, ...continuous, max_tokens: 900, ignore_eos: true }, (pieces) => {
      if (pieces === 6) void killEngine(server.pid);
    });
    await ask("the engine has died", CHAT, chat);
  });
  return streams;
}

/** The process in which vLLM's model runs. */
async function killEngine(pid: number): Promise<void> {
  const { stdout } = await new Deno.Command("ps", { args: ["--ppid", String(pid), "-o", "pid=,args="] }).output();
  const line = new TextDecoder().decode(stdout).split("\n").find((line) => line.includes("EngineCore"));
  Deno.kill(Number(line!.trim().split(" ")[0]), "SIGKILL");
}

async function recordTransformers(venv: VenvName): Promise<RecordedStream[]> {
  const streams: RecordedStream[] = [];
  for (const continuousBatching of [false, true]) {
    const how = continuousBatching ? ", continuous batching" : "";
    await withServer(venv, (e) => startTransformersServe(e, { continuousBatching }), async (server) => {
      const ask = asking(streams)(server);
      await ask(`chat${how}`, CHAT, { ...chat, ...usage });
      await ask(`completions${how}`, COMPLETIONS, { ...completion, ...usage });
      if (continuousBatching) return;
      await ask("models", "GET /v1/models");
      await ask("no such model", CHAT, { ...chat, model: "no-such-model" });
      await ask("an unknown member", CHAT, { ...chat, ...ids, ignore_eos: true });
      await ask("context too long", CHAT, { ...chat, messages: [{ role: "user", content: "x ".repeat(3000) }] });
    });
  }
  return streams;
}

const asking = (streams: RecordedStream[]) => (server: LiveServer): Ask => async (note, request, sent, onPiece) => {
  const stream = await recordStream(server.url, { note, request, sent, ...onPiece === undefined ? {} : { onPiece } });
  streams.push(stream);
  return stream;
};

async function withServer(
  venv: VenvName,
  start: (environment: Exclude<ReturnType<typeof liveEnvironment>, string>) => Promise<LiveServer>,
  body: (server: LiveServer) => Promise<void>,
): Promise<void> {
  const environment = liveEnvironment(venv);
  if (typeof environment === "string") throw new Error(`Cannot record: ${environment}`);
  await using server = await start(environment);
  await body(server);
}

const RECORDINGS = {
  vllm: () => recordVllm("vllm"),
  transformers_serve: () => recordTransformers("torch"),
} as const;

for (const [name, record] of Object.entries(RECORDINGS)) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  const file = fileURLToPath(new URL(`../../protocols/openai/recorded/${name}.json`, import.meta.url));
  await Deno.writeTextFile(file, `${JSON.stringify(await record(), null, 2)}\n`);
}
