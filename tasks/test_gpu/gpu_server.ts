import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../tests/live/python/plain_torch_server.py", import.meta.url));
const MEGABYTE = 2 ** 20;

/** The model of the server: ResNet-50 for images of 3x224x224 FP32. */
export const MODEL = "image";

/** What the allocator of PyTorch counts, bytes. */
export interface AllocatorCounters {
  readonly allocatedBytes: number;
  readonly reservedBytes: number;
}

/** A plain PyTorch server. Its process ends with it. */
export interface GpuServer extends AsyncDisposable {
  /** Base URL. */
  readonly url: string;
  /** Asks it to load or to unload its model. */
  put(verb: "load" | "unload"): Promise<void>;
  /** The allocator's own words; `null` on a CPU. */
  counters(): Promise<AllocatorCounters | null>;
}

/**
 * Starts the server and waits for its port.
 *
 * @param python Python with PyTorch.
 * @param args Its options.
 * @throws {Error} If it ends before.
 */
export async function startGpuServer(python: string, args: readonly string[] = []): Promise<GpuServer> {
  const child = new Deno.Command(python, { args: ["-u", SCRIPT, ...args], stdin: "null", stdout: "piped" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await reader.read()).value);
  if (!(port > 0)) throw new Error(`Cannot start the PyTorch server: it ended with ${(await child.status).code}`);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async put(verb) {
      const { status, body } = await fetch(`${url}/v2/repository/models/${MODEL}/${verb}`, { method: "POST" });
      await body?.cancel();
      if (status !== 200) throw new Error(`Cannot ${verb} the model: status ${status}`);
    },
    async counters() {
      const { gpu_metrics: told } = await (await fetch(`${url}/metrics/server`)).json();
      if (!told.gpu_available) return null;
      const bytes = (megabytes: number) => megabytes * MEGABYTE;
      return { allocatedBytes: bytes(told.memory_allocated_mb), reservedBytes: bytes(told.memory_reserved_mb) };
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}
