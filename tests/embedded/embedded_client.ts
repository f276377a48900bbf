import { seededRandom } from "../../src/core/random.ts";
import { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from "../../src/embedded/start.ts";

/** A server with a cache folder of its own, and what tests ask of it. */
export interface TestServer extends AsyncDisposable {
  readonly server: EmbeddedServer;
  /** Sends JSON, text or bytes, and reads the JSON answer. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): ReturnType<typeof call>;
}

/** Starts a server that shares nothing with others. */
export async function startTestServer(options: EmbeddedServerOptions = {}): Promise<TestServer> {
  const cacheDir = await Deno.makeTempDir({ prefix: "torchgauge models " });
  const server = await startEmbeddedServer({ cacheDir, ...options });
  return {
    server,
    call: (method, path, body, headers = {}) => call(server.url + path, method, body, headers),
    async [Symbol.asyncDispose]() {
      await server.close();
      await Deno.remove(cacheDir, { recursive: true });
    },
  };
}

async function call(url: string, method: string, body: unknown, headers: Record<string, string>) {
  const raw = typeof body === "string" || body instanceof Uint8Array || body === undefined;
  const typed = typeof body === "string" || !raw ? { "content-type": "application/json" } : {};
  const response = await fetch(url, {
    method,
    headers: { ...typed, ...headers },
    ...(body === undefined ? {} : { body: (raw ? body : JSON.stringify(body)) as BodyInit }),
  });
  return { status: response.status, json: await response.json() };
}

/** A picture of noise as nested `[3][64][64]` lists. */
export function image(seed: number): number[][][] {
  const random = seededRandom(seed);
  const list = <T>(length: number, item: () => T) => Array.from({ length }, item);
  return list(3, () => list(64, () => list(64, () => Math.fround(random() * 2 - 1))));
}

/** A sentence of so many words. */
export function sentence(seed: number, words: number): string {
  const random = seededRandom(seed);
  return Array.from({ length: words }, () => Math.floor(random() * 1e6).toString(36)).join(" ");
}

/** Asks the Open Inference Protocol for the logits of items, one row for each. */
export async function logits(server: TestServer, model: string, items: readonly unknown[]): Promise<number[][]> {
  const input = typeof items[0] === "string"
    ? { name: "text", datatype: "BYTES", shape: [items.length], data: items }
    : { name: "input", datatype: "FP32", shape: [items.length, 3, 64, 64], data: items };
  const { status, json } = await server.call("POST", `/v2/models/${model}/infer`, { inputs: [input] });
  if (status !== 200) throw new Error(`infer answered ${status}: ${json.error}`);
  const { shape: [rows, columns], data } = json.outputs[0];
  return Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns));
}
