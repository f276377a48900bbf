import type { LiveEnvironment } from "../environment.ts";
import { freePorts, launch, type LiveServer } from "./live_server.ts";

/** Options of {@linkcode startTransformersServe}. */
export interface TransformersServeOptions {
  /** Whether requests are worked on together, step by step, in place of one after the other. @default {false} */
  readonly continuousBatching?: boolean;
}

/** Name of the model: the folder in which it lies, as the server was told. */
export const TINY_LLAMA = "./tiny_llama";

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
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_live_" });
  await Deno.symlink(environment.tinyLlama, `${folder}/tiny_llama`);
  const port = freePorts(1);
  const url = `http://127.0.0.1:${port}`;
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

/** Variables with which nothing is asked of a hub, nor told to anyone. */
export const NO_HUB = { HF_HUB_OFFLINE: "1", HF_HUB_DISABLE_TELEMETRY: "1", DO_NOT_TRACK: "1" } as const;
