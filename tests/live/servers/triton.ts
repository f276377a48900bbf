import type { LiveEnvironment } from "../environment.ts";
import { freePorts, launch, type LiveServer } from "./live_server.ts";

/** Options of {@linkcode startTriton}. */
export interface TritonOptions {
  /**
   * Models that are loaded at once; these and all of {@linkcode TRITON_MODELS} are in the repository.
   * @default {["resnet18"]}
   */
  readonly models?: readonly string[];
  /** Whether models can be loaded and unloaded by requests; otherwise all are loaded at once. @default {true} */
  readonly explicit?: boolean;
  /** Whether the server makes batches of requests that wait. @default {true} */
  readonly dynamicBatching?: boolean;
}

/** Models of the repository: images, texts, and one with two inputs and without a batch dimension. */
export const TRITON_MODELS = ["resnet18", "bert", "sums"] as const;

/** Where Python and the parts of Triton are. */
interface Installation {
  /** Folder with `bin` and `backends`. */
  readonly triton: string;
  /** `3.11` */
  readonly version: string;
  /** Folder of the shared library of Python, or `null` if it was built without one. */
  readonly libraryFolder: string | null;
}

const FIND = `
import importlib.util, json, sysconfig
package = importlib.util.find_spec("pytriton").submodule_search_locations[0]
shared = sysconfig.get_config_var("Py_ENABLE_SHARED")
print(json.dumps({
  "triton": package + "/tritonserver",
  "version": sysconfig.get_python_version(),
  "libraryFolder": sysconfig.get_config_var("LIBDIR") if shared else None,
}))`;

/** Why Triton cannot be started here, or `null` if it can. */
export async function whyNoTriton(environment: LiveEnvironment): Promise<string | null> {
  if (Deno.build.os !== "linux") return "the packaged Triton is for Linux";
  const { triton, version, libraryFolder } = await findInstallation(environment);
  if (libraryFolder === null) return "Python was built without its shared library, which Triton's backend needs";
  try {
    await Deno.stat(stubPath({ triton, version }));
  } catch {
    return `the packaged Triton has no backend for Python ${version}`;
  }
  const { code, stderr } = await new Deno.Command(`${triton}/bin/tritonserver`, { args: ["--help"] }).output();
  // A binary that the system cannot run says which library or symbol it lacks.
  const said = new TextDecoder().decode(stderr);
  return said.includes("error while loading") || said.includes("GLIBC_") || code > 1 ? said.trim() : null;
}

/**
 * Starts NVIDIA's Triton from the package `nvidia-pytriton`, of which only the server and its Python backend are used.
 *
 * @param environment What it runs on.
 * @param options Models and who loads them.
 */
export async function startTriton(
  environment: LiveEnvironment,
  { models = ["resnet18"], explicit = true, dynamicBatching = true }: TritonOptions = {},
): Promise<LiveServer> {
  const installation = await findInstallation(environment);
  const { triton, libraryFolder } = installation;
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_live_" });
  await makeRepository(environment, folder, new Set([...TRITON_MODELS, ...models]), dynamicBatching);
  await makeBackend(installation, folder);
  const port = freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const sharedMemory = `torchgauge_live_${port}_`;
  const leftBefore = await backendFolders();
  return await launch(environment, {
    name: "Triton",
    command: [
      `${triton}/bin/tritonserver`,
      `--model-repository=${folder}/repository`,
      `--backend-directory=${folder}/backends`,
      ...explicit ? ["--model-control-mode=explicit", ...models.map((name) => `--load-model=${name}`)] : [],
      "--http-address=127.0.0.1",
      `--http-port=${port}`,
      "--metrics-address=127.0.0.1",
      `--metrics-port=${port + 1}`,
      "--allow-grpc=false",
      "--exit-timeout-secs=2",
      `--backend-config=python,shm-region-prefix-name=${sharedMemory}`,
      "--backend-config=python,shm-default-byte-size=8388608",
    ],
    folder,
    env: {
      // The backend's interpreter finds the venv by the first python3 on the path.
      PATH: `${environment.programPath("")}:${Deno.env.get("PATH")}`,
      LD_LIBRARY_PATH: libraryFolder ?? "",
    },
    healthUrl: `${url}/v2/health/ready`,
    addresses: { url, metricsUrl: `http://127.0.0.1:${port + 1}/metrics` },
    cleanUp: async () => {
      await removeSharedMemory(sharedMemory);
      await removeBackendFolders(leftBefore);
    },
  });
}

async function findInstallation({ python }: LiveEnvironment): Promise<Installation> {
  const { success, stdout, stderr } = await new Deno.Command(python, { args: ["-c", FIND] }).output();
  if (!success) throw new Error(`Cannot find Triton: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

function stubPath({ triton, version }: Pick<Installation, "triton" | "version">): string {
  return `${triton}/python_backend_stubs/${version}/triton_python_backend_stub`;
}

async function makeRepository(
  environment: LiveEnvironment,
  folder: string,
  models: Iterable<string>,
  dynamicBatching: boolean,
): Promise<void> {
  for (const name of models) {
    const model = `${folder}/repository/${name}`;
    await Deno.mkdir(`${model}/1`, { recursive: true });
    const config = await Deno.readTextFile(environment.pathTo(`triton/${name}.pbtxt`));
    const batching = /^dynamic_batching \{[^}]*\}\n?/m;
    await Deno.writeTextFile(`${model}/config.pbtxt`, dynamicBatching ? config : config.replace(batching, ""));
    const script = name === "story" ? "triton_story.py" : "triton_model.py";
    await Deno.copyFile(environment.pathTo(`python/${script}`), `${model}/1/model.py`);
    for (const file of ["networks.py", "journal.py"]) {
      await Deno.copyFile(environment.pathTo(`python/${file}`), `${model}/1/${file}`);
    }
  }
}

/** The backend with the stub for this Python. They are links, since the stub finds its libraries from its own place. */
async function makeBackend(installation: Installation, folder: string): Promise<void> {
  const backend = `${folder}/backends/python`;
  await Deno.mkdir(backend, { recursive: true });
  for (const name of ["libtriton_python.so", "triton_python_backend_utils.py"]) {
    await Deno.symlink(`${installation.triton}/backends/python/${name}`, `${backend}/${name}`);
  }
  await Deno.symlink(stubPath(installation), `${backend}/triton_python_backend_stub`);
}

async function removeSharedMemory(prefix: string): Promise<void> {
  for await (const { name } of Deno.readDir("/dev/shm")) {
    if (name.startsWith(prefix)) await Deno.remove(`/dev/shm/${name}`).catch(() => {});
  }
}

/** Folders that the Python backend makes beside each other, whatever `TMPDIR` says, and leaves where it is killed. */
async function backendFolders(): Promise<Set<string>> {
  const found = await Array.fromAsync(Deno.readDir("/tmp"));
  return new Set(found.map(({ name }) => name).filter((name) => name.startsWith("python_env_")));
}

async function removeBackendFolders(leftBefore: ReadonlySet<string>): Promise<void> {
  for (const name of (await backendFolders()).difference(leftBefore)) {
    // One that is not empty is in use, by another server.
    await Deno.remove(`/tmp/${name}`).catch(() => {});
  }
}
