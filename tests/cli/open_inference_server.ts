/** A small server of the Open Inference Protocol that answers what a test tells it to. */
import { type RawRequest, type RawServer, startRawServer } from "../wire/raw_server.ts";

/** A whole HTTP answer, or what makes one for each request. */
type Answer = string | Uint8Array | ((request: RawRequest) => string | Promise<string>);

/** Whole HTTP answers by `METHOD /path`; everything else is 404. */
export async function startServer(routes: Readonly<Record<string, Answer>>, hostname?: string): Promise<RawServer> {
  return await startRawServer(async (connection) => {
    for (let request = await connection.read(); request !== null; request = await connection.read()) {
      const found = routes[`${request.method} ${request.path}`] ?? answer({ error: "not found" }, 404);
      await connection.write(typeof found === "function" ? await found(request) : found);
    }
  }, hostname);
}

/** An HTTP answer of JSON or text. */
export function answer(value: unknown, status = 200, ...headers: string[]): string {
  const body = typeof value === "string" ? value : JSON.stringify(value);
  const head = [`HTTP/1.1 ${status} Whatever`, `content-length: ${body.length}`, ...headers];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

/** A tensor in the metadata of a model. */
export const tensor = (name: string, shape: readonly number[]) => ({ name, datatype: "FP32", shape });
/** What the model answers to one item. */
export const PREDICTION = { model_name: "m", outputs: [{ ...tensor("y", [1, 1]), data: [0.5] }] };

/** An Open Inference Protocol server with one model. */
export const openInference = (
  infer: Answer,
  more: Readonly<Record<string, Answer>> = {},
  hostname?: string,
): Promise<RawServer> =>
  startServer({
    "GET /v2": answer({ name: "server", version: "1", extensions: [] }),
    "GET /v2/health/ready": answer({}),
    "GET /v2/models/m": answer({ name: "m", inputs: [tensor("x", [-1, 2])], outputs: [tensor("y", [-1, 1])] }),
    "GET /v2/models/m/ready": answer({}),
    "POST /v2/repository/index": answer([{ name: "m", state: "READY" }]),
    "POST /v2/models/m/infer": infer,
    ...more,
  }, hostname);
