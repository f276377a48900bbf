/**
 * A server of a protocol in a process of its own, of which some calls hang or are reset. It prints its port, writes each call to
 * stderr, and ends with its standard input. Arguments: the protocol, then for each fault three: `hangs`, `resets` or `freezes`,
 * a pattern of `METHOD path`, and from which such call on it hangs, how many are reset, or with which the whole server freezes.
 */
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const [protocol = "kserve-v2", ...given] = Deno.args;
const faults = Array.from({ length: given.length / 3 }, (_, i) => {
  const [kind, pattern, number] = given.slice(3 * i, 3 * i + 3);
  return { kind, pattern: new RegExp(pattern!), number: Number(number), seen: 0 };
});
let loaded = true, frozen = false;

const tensor = (name: string) => ({ name, datatype: "FP32", shape: [-1, 2] });
const METRICS = "process_resident_memory_bytes 1e8\n";

type Answer = readonly [status: number, value: unknown];

/** What each protocol answers, by patterns of `METHOD path`; what is a text is sent as it is. */
const ROUTES: Readonly<Record<string, readonly (readonly [RegExp, (body: string) => Answer])[]>> = {
  "kserve-v2": [
    [/^GET \/v2$/, () => [200, { name: "stuck", version: "1", extensions: ["statistics"] }]],
    [/^GET \/v2\/health/, () => [200, {}]],
    [/index$/, () => [200, [{ name: "m", state: loaded ? "READY" : "UNAVAILABLE" }]]],
    [/m\/ready$/, () => [loaded ? 200 : 400, {}]],
    [/repository\/models\/m\/load$/, () => [200, loads(true)]],
    [/repository\/models\/m\/unload$/, () => [200, loads(false)]],
    [/repository\/models\/\S+$/, () => [400, { error: "torchgauge-no-such-model is unknown" }]],
    [/m\/stats$/, () => [200, { model_stats: [{ name: "m", inference_count: 1, execution_count: 1 }] }]],
    [/^GET \/v2\/models\/m$/, () => [200, { name: "m", inputs: [tensor("x")], outputs: [tensor("y")] }]],
    [/m\/infer$/, (body) => {
      const [items] = JSON.parse(body).inputs[0].shape;
      const outputs = [{ name: "y", datatype: "FP32", shape: [items, 1], data: Array(items).fill(0.5) }];
      return loaded ? [200, { model_name: "m", outputs }] : [400, { error: "not loaded" }];
    }],
    [/^GET \/metrics/, () => [200, METRICS]],
  ],
  torchserve: [
    [/^GET \/ping/, () => [200, { status: "Healthy" }]],
    [/^GET \/models$/, () => [200, { models: [{ modelName: "resnet18" }] }]],
    [/^GET \/models\/resnet18/, () => [200, [registration()]]],
    [/^PUT \/models\/resnet18\?min_worker=0/, () => [200, loads(false)]],
    [/^PUT \/models\/resnet18/, () => [200, loads(true)]],
    [/^DELETE \/models\/torchgauge/, () => [404, { code: 404, message: "Model not found: torchgauge-no-such-model" }]],
    [/^DELETE \/models\/resnet18/, () => [200, loads(false)]],
    [/^POST \/models\?/, () => [200, loads(true)]],
    [/^POST \/predictions/, () => loaded ? [200, { class: 1 }] : [503, { code: 503, message: "no workers" }]],
    [/^GET \/metrics/, () => [200, METRICS]],
  ],
  generic: [
    [/^GET \/health/, () => [200, {}]],
    [/^GET \/present/, () => [loaded ? 200 : 404, {}]],
    [/^POST \/load/, () => [200, loads(true)]],
    [/^POST \/unload/, () => [200, loads(false)]],
    [/^POST \/predict/, () => loaded ? [200, { label: 1 }] : [503, {}]],
    [/^GET \/openapi.json/, () => [200, { openapi: "3.0.0", paths: {} }]],
  ],
};

function loads(now: boolean): Record<string, never> {
  loaded = now;
  return {};
}

function registration() {
  const workers = loaded ? [{ id: "9000", status: "READY", pid: 0, memoryUsage: 0 }] : [];
  const url = "resnet18.mar", count = loaded ? 1 : 0;
  return { modelName: "resnet18", modelVersion: "1.0", modelUrl: url, minWorkers: count, maxWorkers: count, workers };
}

function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
  const name = `${request.method} ${request.url}`;
  // deno-lint-ignore no-console -- who looks for a fault reads it
  console.error(name);
  for (const fault of faults) {
    if (!fault.pattern.test(name)) continue;
    fault.seen++;
    if (fault.kind === "resets" && fault.seen <= fault.number) return void request.socket.resetAndDestroy();
    if (fault.kind === "hangs" && fault.seen >= fault.number) return;
    if (fault.kind === "freezes" && fault.seen >= fault.number) frozen = true;
  }
  if (frozen) return;
  const [status, value] = ROUTES[protocol]!.find(([pattern]) => pattern.test(name))?.[1](body) ?? [404, {}];
  const text = typeof value === "string" ? value : JSON.stringify(value);
  response.writeHead(status, { "content-length": Buffer.byteLength(text) }).end(text);
}

const server = createServer((request, response) => {
  const pieces: Uint8Array[] = [];
  request.on("data", (piece: Uint8Array) => pieces.push(piece));
  request.on("end", () => answer(request, response, Buffer.concat(pieces).toString()));
});
// deno-lint-ignore no-console -- the test reads it
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
for await (const _ of Deno.stdin.readable);
Deno.exit();
