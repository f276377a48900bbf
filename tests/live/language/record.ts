/**
 * Records what servers of language models stream into `tests/protocols/openai/recorded/`, as fixtures:
 * `TORCHGAUGE_LIVE_VENV_TORCH=... TORCHGAUGE_LIVE_VENV_VLLM=... deno run -A tests/live/language/record.ts [NAME ...]`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type LiveEnvironment, liveEnvironment, type VenvName } from "../environment.ts";
import type { LiveServer } from "../servers/live_server.ts";
import { TINY_LLAMA } from "../servers/tiny_llama.ts";
import { startTransformersServe } from "../servers/transformers_serve.ts";
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
  shorten?: (text: string) => string,
) => Promise<void>;

/** vLLM's own metrics, of distributions the sums alone. */
function ownMetrics(text: string): string {
  return text.split("\n").filter((line) => /^vllm:/.test(line) && !/_(bucket|created)\{/.test(line)).join("\n");
}

async function recordVllm(): Promise<RecordedStream[]> {
  const more = ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"];
  return await recorded("vllm", (e) => startVllm(e, { more }), async (ask, server) => {
    const again = { ...chat, ...usage, messages: [{ role: "user", content: "x ".repeat(64) }] };
    await ask("models", "GET /v1/models");
    await ask("uncounted", CHAT, chat);
    await ask("counted at the end", CHAT, { ...chat, ...usage });
    await ask("counted at each", CHAT, { ...chat, ...continuous });
    await ask("named", CHAT, { ...chat, ...ids });
    await ask("a prompt for the first time", CHAT, again);
    await ask("the same prompt again", CHAT, again);
    await ask("two answers at once", CHAT, { ...chat, ...continuous, n: 2, temperature: 1, seed: 1 });
    await ask("a tool is called", CHAT, { ...chat, ...continuous, ...TOOL, max_tokens: 24 });
    await ask("one token", CHAT, { ...chat, ...ids, max_tokens: 1 });
    await ask("completions, uncounted", COMPLETIONS, completion);
    await ask("completions, counted at the end", COMPLETIONS, { ...completion, ...usage });
    await ask("completions, counted at each", COMPLETIONS, { ...completion, ...continuous });
    await ask("completions, named", COMPLETIONS, { ...completion, ...ids });
    await ask("no such model", CHAT, { ...chat, model: "no-such-model" });
    await ask("context too long", CHAT, { ...chat, max_tokens: 5000 });
    await ask("prompt too long", COMPLETIONS, { ...completion, prompt: "x ".repeat(3000) });
    await ask("refused sampling", CHAT, { ...chat, temperature: -1 });
    await ask("metrics", "GET /metrics", undefined, undefined, ownMetrics);
    const long = { ...chat, ...continuous, max_tokens: 900, ignore_eos: true };
    await ask("the engine dies", CHAT, long, (pieces) => {
      if (pieces === 6) void killEngine(server.pid);
    });
    await ask("the engine has died", CHAT, chat);
  });
}

async function recordVllmByFours(): Promise<RecordedStream[]> {
  return await recorded("vllm", (e) => startVllm(e, { streamInterval: 4 }), async (ask) => {
    await ask("by fours, uncounted", CHAT, chat);
    await ask("by fours, counted at the end", CHAT, { ...chat, ...usage });
    await ask("by fours, counted at each", CHAT, { ...chat, ...continuous });
    await ask("by fours, named", CHAT, { ...chat, ...ids });
    await ask("by fours, completions, named", COMPLETIONS, { ...completion, ...ids });
  });
}

async function recordVllmThinking(): Promise<RecordedStream[]> {
  const more = ["--reasoning-parser", "deepseek_r1"];
  return await recorded("vllm", (e) => startVllm(e, { more }), async (ask) => {
    await ask("thinking without an end", CHAT, { ...chat, ...continuous });
  });
}

/** The process in which vLLM's model runs. */
async function killEngine(pid: number): Promise<void> {
  const { stdout } = await new Deno.Command("ps", { args: ["--ppid", String(pid), "-o", "pid=,args="] }).output();
  const line = new TextDecoder().decode(stdout).split("\n").find((line) => line.includes("EngineCore"));
  Deno.kill(Number(line!.trim().split(" ")[0]), "SIGKILL");
}

async function recordTransformers(): Promise<RecordedStream[]> {
  const alone = await recorded("torch", (e) => startTransformersServe(e), async (ask) => {
    await ask("models", "GET /v1/models");
    await ask("chat", CHAT, { ...chat, ...usage });
    await ask("completions", COMPLETIONS, { ...completion, ...usage });
    await ask("no such model", CHAT, { ...chat, model: "no-such-model" });
    await ask("unknown members", CHAT, { ...chat, ...ids, ignore_eos: true });
  });
  const together = await recorded(
    "torch",
    (e) => startTransformersServe(e, { continuousBatching: true }),
    async (ask) => {
      await ask("chat, continuous batching", CHAT, { ...chat, ...usage });
    },
  );
  return [...alone, ...together];
}

/** Starts a server and keeps what it answers. */
async function recorded(
  venv: VenvName,
  start: (environment: LiveEnvironment) => Promise<LiveServer>,
  body: (ask: Ask, server: LiveServer) => Promise<void>,
): Promise<RecordedStream[]> {
  const environment = liveEnvironment(venv);
  if (typeof environment === "string") throw new Error(`Cannot record: ${environment}`);
  await using server = await start(environment);
  const streams: RecordedStream[] = [];
  await body(async (note, request, sent, onPiece = () => {}, shorten = (text) => text) => {
    const { pieces, ...stream } = await recordStream(server.url, { note, request, sent, onPiece });
    streams.push({ ...stream, pieces: pieces.map(([atMs, text]) => [atMs, shorten(text)]) });
  }, server);
  return streams;
}

const RECORDINGS = {
  vllm: recordVllm,
  vllm_by_fours: recordVllmByFours,
  vllm_thinking: recordVllmThinking,
  transformers_serve: recordTransformers,
} as const;

for (const [name, record] of Object.entries(RECORDINGS)) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  const file = fileURLToPath(new URL(`../../protocols/openai/recorded/${name}.json`, import.meta.url));
  await Deno.writeTextFile(file, `${JSON.stringify(await record(), null, 2)}\n`);
}
