import { type LiveEnvironment, runs } from "../environment.ts";
import { freePorts, launch, type LaunchPlan, type LiveServer } from "./live_server.ts";

/** Options of {@linkcode startTorchServe}. */
export interface TorchServeOptions {
  /** Models that are registered at once and get a worker; all are the same archive. @default {["resnet18"]} */
  readonly models?: readonly string[];
  /** Workers of each model. @default {1} */
  readonly workers?: number;
  /** Whether predictions and management want their tokens. @default {false} */
  readonly tokenAuth?: boolean;
  /** Whether models can be registered and removed by requests. @default {true} */
  readonly modelApi?: boolean;
}

/** TorchServe as a test started it. */
export interface TorchServe extends LiveServer {
  readonly managementUrl: string;
  readonly metricsUrl: string;
  /** The archive in its model store, for `POST /models?url=`. */
  readonly archive: string;
  /** Its tokens, or `null` without token authentication. */
  tokens(): Promise<{ readonly inference: string; readonly management: string } | null>;
}

const ARCHIVE = "resnet18.mar";
/** Enough for the frontend; what serves is in its Python workers. */
const VM_ARGS = "-Xmx512m";

/** Why TorchServe cannot be started here, or `null` if it can. */
export async function whyNoTorchServe(): Promise<string | null> {
  return await runs("java", "-version") ? null : "java is not installed, TorchServe needs 11 or newer";
}

/**
 * Starts TorchServe by its own command, with one archive made of our handler.
 *
 * @param environment What it runs on.
 * @param options Models and access.
 */
export async function startTorchServe(
  environment: LiveEnvironment,
  { models = ["resnet18"], workers = 1, tokenAuth = false, modelApi = true }: TorchServeOptions = {},
): Promise<TorchServe> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_live_" });
  await makeArchive(environment, folder);
  // Inference, management and metrics follow each other, as the default ports do; gRPC is off, but wants two more.
  const port = freePorts(5);
  const at = (offset: number) => `http://127.0.0.1:${port + offset}`;
  await Deno.writeTextFile(
    `${folder}/config.properties`,
    `inference_address=${at(0)}
management_address=${at(1)}
metrics_address=${at(2)}
grpc_inference_port=${port + 3}
grpc_management_port=${port + 4}
metrics_mode=prometheus
default_workers_per_model=${workers}
job_queue_size=1000
vmargs=${VM_ARGS}
`,
  );
  const server = await launch(environment, {
    name: "TorchServe",
    command: [
      environment.programPath("torchserve"),
      "--start",
      "--foreground",
      "--no-config-snapshots",
      `--ts-config=${folder}/config.properties`,
      `--model-store=${folder}/store`,
      ...tokenAuth ? [] : ["--disable-token-auth"],
      ...modelApi ? ["--enable-model-api"] : [],
      ...models.length === 0 ? [] : ["--models", ...models.map((name) => `${name}=${ARCHIVE}`)],
    ],
    folder,
    // It leaves a file with its process id, unpacked archives and sockets in the folder for temporary files.
    env: { TMPDIR: folder, TEMP: folder },
    ...readiness(at(0), at(1), models, tokenAuth),
    addresses: { url: at(0), managementUrl: at(1), metricsUrl: `${at(2)}/metrics` },
  });
  return {
    ...server,
    managementUrl: at(1),
    metricsUrl: `${at(2)}/metrics`,
    archive: ARCHIVE,
    tokens: async () => {
      if (!tokenAuth) return null;
      const keys = JSON.parse(await Deno.readTextFile(`${folder}/key_file.json`));
      return { inference: keys.inference.key, management: keys.management.key };
    },
  };
}

/**
 * Its ping is healthy long before a worker has loaded its model, so the management API is asked. With tokens it cannot
 * be: they are not known before it has started, and even the ping wants one.
 */
function readiness(
  url: string,
  managementUrl: string,
  models: readonly string[],
  tokenAuth: boolean,
): Pick<LaunchPlan, "healthUrl" | "isReady"> {
  if (tokenAuth) return { healthUrl: `${url}/ping`, isReady: (status) => status === 400 };
  if (models.length === 0) return { healthUrl: `${url}/ping` };
  return {
    healthUrl: `${managementUrl}/models/${models.at(-1)}`,
    isReady: (_, body) => body.includes('"status": "READY"'),
  };
}

async function makeArchive(environment: LiveEnvironment, folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/store`);
  const { success, stderr } = await new Deno.Command(environment.programPath("torch-model-archiver"), {
    args: [
      "--model-name=resnet18",
      "--version=1.0",
      `--handler=${environment.pathTo("python/torchserve_handler.py")}`,
      `--extra-files=${["networks.py", "journal.py"].map((file) => environment.pathTo(`python/${file}`))}`,
      `--export-path=${folder}/store`,
    ],
  }).output();
  if (!success) throw new Error(`Cannot make the archive for TorchServe: ${new TextDecoder().decode(stderr)}`);
}
