import type { LiveEnvironment } from "../environment.ts";
import { freePorts, launch, type LiveServer } from "./live_server.ts";

/** Options of {@linkcode startTorchInferencePython}. */
export interface TorchInferencePythonOptions {
  /** Models that are loaded at once. @default {["resnet18", "bert"]} */
  readonly models?: readonly string[];
  /** Whether a model that is not there is silently answered by the model `example`, as by the original. @default {false} */
  readonly answerUnknownByExample?: boolean;
}

/**
 * Starts our PyTorch server with the torch-inference contract.
 *
 * @param environment What it runs on.
 * @param options Models and manners.
 */
export async function startTorchInferencePython(
  environment: LiveEnvironment,
  { models = ["resnet18", "bert"], answerUnknownByExample = false }: TorchInferencePythonOptions = {},
): Promise<LiveServer> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_live_" });
  const port = freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  return await launch(environment, {
    name: "the Python server of the torch-inference contract",
    command: [
      environment.python,
      environment.pathTo("python/torch_inference_server.py"),
      `--port=${port}`,
      `--models=${models.join(",")}`,
      ...answerUnknownByExample ? ["--answer-unknown-by-example"] : [],
    ],
    folder,
    // glibc keeps what it once freed in large blocks unless this is fixed: an unload would not show in its memory.
    env: { TMPDIR: folder, MALLOC_MMAP_THRESHOLD_: "131072" },
    healthUrl: `${url}/health`,
    addresses: { url },
  });
}
