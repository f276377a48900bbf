import type { LiveEnvironment } from "../environment.ts";
import { launch, type LiveServer } from "./live_server.ts";
import { NO_HUB, placeTinyLlama, TINY_LLAMA } from "./tiny_llama.ts";

/** Options of {@linkcode startTransformersServe}. */
export interface TransformersServeOptions {
  /** Whether requests are worked on together, step by step, in place of one after the other. @default {false} */
  readonly continuousBatching?: boolean;
}

/**
 * Starts `transformers serve` with the tiny language model.
 *
 * @param environment What it runs on.
 * @param options Whether it batches.
 */
export async function startTransformersServe(
  environment: LiveEnvironment,
  { continuousBatching = false }: TransformersServeOptions = {},
): Promise<LiveServer> {
  const { folder, port, url } = await placeTinyLlama(environment);
  return await launch(environment, {
    name: "transformers serve",
    command: [
      environment.programPath("transformers"),
      ...["serve", TINY_LLAMA, "--device", "cpu", "--host", "127.0.0.1", "--port", String(port)],
      ...continuousBatching ? ["--continuous-batching", "--cb-num-blocks", "256", "--cb-block-size", "16"] : [],
    ],
    folder,
    env: { TMPDIR: folder, OMP_NUM_THREADS: "1", ...NO_HUB },
    healthUrl: `${url}/v1/models`,
    addresses: { url },
  });
}
