import type { LiveEnvironment } from "../environment.ts";
import { launch, type LiveServer } from "./live_server.ts";
import { NO_HUB, placeTinyLlama, TINY_LLAMA } from "./tiny_llama.ts";

/** Options of {@linkcode startVllm}. */
export interface VllmOptions {
  /** Tokens that it puts into one event. @default {1} */
  readonly streamInterval?: number;
  /** Most requests that it works on together. @default {4} */
  readonly slots?: number;
  /** What else it is told. */
  readonly more?: readonly string[];
}

/** Most tokens of prompt and answer together. */
export const VLLM_CONTEXT = 1024;

/**
 * Starts vLLM on the CPU with the tiny language model. It takes most of a minute and 3 GB.
 *
 * @param environment What it runs on.
 * @param options How it streams.
 */
export async function startVllm(
  environment: LiveEnvironment,
  { streamInterval = 1, slots = 4, more = [] }: VllmOptions = {},
): Promise<LiveServer> {
  const { folder, port, url } = await placeTinyLlama(environment);
  return await launch(environment, {
    name: "vLLM",
    command: [
      environment.programPath("vllm"),
      ...["serve", TINY_LLAMA, "--host", "127.0.0.1", "--port", String(port), "--dtype", "float32", "--enforce-eager"],
      ...["--max-model-len", String(VLLM_CONTEXT), "--max-num-seqs", String(slots), "--enable-prompt-tokens-details"],
      ...["--stream-interval", String(streamInterval), ...more],
    ],
    folder,
    env: { VLLM_NO_USAGE_STATS: "1", VLLM_CPU_KVCACHE_SPACE: "1", OMP_NUM_THREADS: "1", ...NO_HUB },
    healthUrl: `${url}/health`,
    readyTimeoutMs: 900_000,
    addresses: { url, metricsUrl: `${url}/metrics` },
  });
}
