import type { LiveEnvironment } from "../environment.ts";
import { freePorts, launch, type LiveServer } from "./live_server.ts";

/** Options of {@linkcode startMlServer}. */
export interface MlServerOptions {
  /** Worker processes, each of which loads the model. @default {1} */
  readonly workers?: number;
  /** Whether it answers a request that it has seen by what it answered then. @default {false} */
  readonly cache?: boolean;
}

/**
 * Starts MLServer by its own command, with the small model loaded.
 *
 * @param environment What it runs on.
 * @param options Workers and cache.
 */
export async function startMlServer(
  environment: LiveEnvironment,
  { workers = 1, cache = false }: MlServerOptions = {},
): Promise<LiveServer> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_live_" });
  const port = freePorts(3);
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    host: "127.0.0.1",
    http_port: port,
    grpc_port: port + 1,
    metrics_port: port + 2,
    parallel_workers: workers,
    debug: false,
    ...cache ? { cache_enabled: true, cache_size: 1000 } : {},
  };
  const model = {
    name: "small",
    implementation: "mlserver_model.LiveModel",
    inputs: [{ name: "rows", datatype: "FP32", shape: [-1, 64] }],
    outputs: [{ name: "scores", datatype: "FP32", shape: [-1, 10] }],
    ...cache ? { cache_enabled: true } : {},
  };
  // The folder bears the model's name, as MLServer wants it.
  const modelFolder = `${folder}/small`;
  await Deno.mkdir(modelFolder);
  await Deno.writeTextFile(`${modelFolder}/settings.json`, JSON.stringify(settings));
  await Deno.writeTextFile(`${modelFolder}/model-settings.json`, JSON.stringify(model));
  return await launch(environment, {
    name: "MLServer",
    command: [environment.programPath("mlserver"), "start", modelFolder],
    folder,
    env: {
      TMPDIR: folder,
      PYTHONPATH: environment.pathTo("python"),
      OMP_NUM_THREADS: "1",
      // glibc keeps what it once freed in large blocks unless this is fixed: an unload would not show in its memory.
      MALLOC_MMAP_THRESHOLD_: "131072",
    },
    healthUrl: `${url}/v2/models/small/ready`,
    addresses: { url, metricsUrl: `http://127.0.0.1:${port + 2}/metrics` },
  });
}
