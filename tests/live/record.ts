/**
 * Records what real servers answer into `recorded/`, as fixtures for adapters:
 * `TORCHGAUGE_LIVE_VENV_TORCH=... deno run -A tests/live/record.ts [NAME ...]`.
 *
 * Each file is a story: exchanges in the order in which they happened, with notes where time or load matters. Large
 * bodies are cut, and say so.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type LiveEnvironment, liveEnvironment } from "./environment.ts";
import { type Exchange, recorderOf, UNTOLD_HEADERS } from "./recorder.ts";
import { startTorchInferencePython } from "./servers/torch_inference_python.ts";
import { startTorchServe } from "./servers/torchserve.ts";
import { startTriton } from "./servers/triton.ts";

const SIDE = 64;
const image = () =>
  Array.from(
    { length: 3 },
    () => Array.from({ length: SIDE }, () => Array.from({ length: SIDE }, () => Math.round(Math.random() * 100) / 100)),
  );
const flatImage = (count: number) => Array.from({ length: count }, image).flat(3);
const imageTensor = (count: number) => ({
  name: "image",
  shape: [count, 3, SIDE, SIDE],
  datatype: "FP32",
  data: flatImage(count),
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function recordTorchServe(environment: LiveEnvironment): Promise<Exchange[]> {
  await using server = await startTorchServe(environment, { models: [] });
  const { ask, exchanges } = recorderOf({
    predictions: server.url,
    management: server.managementUrl,
    metrics: new URL(server.metricsUrl).origin,
  });
  const predict = "POST /predictions/resnet18", register = `POST /models?url=${server.archive}&model_name=resnet18`;
  await ask("no model is registered", "predictions", "GET /ping");
  await ask("no model is registered", "management", "GET /models");
  await ask("asynchronous", "management", `${register}&initial_workers=1&synchronous=false`);
  await ask("the worker is still loading", "predictions", "GET /ping");
  await ask("the worker is still loading", "management", "GET /models/resnet18");
  await ask(
    "synchronous, as many workers as asked for before, still loading",
    "management",
    "PUT /models/resnet18?min_worker=1&max_worker=1&synchronous=true",
  );
  await ask("at once after that", "management", "GET /models/resnet18");
  await ask("waits until a worker is there", "predictions", predict, image());
  await ask("", "management", "GET /models");
  await ask("with a worker", "management", "GET /models/resnet18");
  await ask("", "management", "GET /models/resnet18/all");
  await ask("", "management", "GET /models/resnet18/1.0");
  await ask("", "management", "GET /models/nope");
  await ask("", "predictions", "POST /predictions/nope", image());
  await ask("", "predictions", `${predict}/1.0`, image());
  await ask("no such version", "predictions", `${predict}/9.9`, image());
  await ask("the handler raises an error", "predictions", predict, [[1, 2], [3]]);
  await ask("not JSON", "predictions", predict, "{");
  await ask("", "metrics", "GET /metrics");
  await ask("scale to none", "management", "PUT /models/resnet18?min_worker=0&max_worker=0&synchronous=true");
  await ask("at once after that", "management", "GET /models/resnet18");
  await ask("without a worker", "predictions", predict, image());
  await ask("scale back", "management", "PUT /models/resnet18?min_worker=1&max_worker=1&synchronous=true");
  await ask("at once after that", "management", "GET /models/resnet18");
  await ask("", "predictions", predict, image());
  await ask("already registered", "management", `${register}&initial_workers=1&synchronous=true`);
  await ask("remove", "management", "DELETE /models/resnet18");
  await ask("remove again", "management", "DELETE /models/resnet18");
  await ask("removed", "predictions", predict, image());
  await ask("removed", "management", "GET /models");
  await ask("no such archive", "management", "POST /models?url=nope.mar&initial_workers=1&synchronous=true");
  await ask("no worker asked for", "management", `${register}&synchronous=true`);
  await ask("registered without a worker", "management", "GET /models/resnet18");
  await ask("asynchronous", "management", "PUT /models/resnet18?min_worker=1&max_worker=1");
  await pause(5000);
  await ask("", "management", "DELETE /models/resnet18");
  await ask("batches", "management", `${register}&initial_workers=1&synchronous=true&batch_size=4&max_batch_delay=200`);
  await ask("batches of 4", "management", "GET /models/resnet18");
  await Promise.all([1, 2, 3, 4].map((n) => ask(`${n} of 4 at once`, "predictions", predict, image())));
  await ask("after a batch of 4", "metrics", "GET /metrics");
  return exchanges;
}

async function recordTorchServeTokens(environment: LiveEnvironment): Promise<Exchange[]> {
  await using server = await startTorchServe(environment, { tokenAuth: true, modelApi: false });
  const { ask, exchanges } = recorderOf({
    predictions: server.url,
    management: server.managementUrl,
    metrics: new URL(server.metricsUrl).origin,
  });
  const { inference, management } = (await server.tokens())!;
  const predict = "POST /predictions/resnet18";
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  await ask("no token", "predictions", "GET /ping");
  await ask("no token", "predictions", predict, image());
  await ask("no token", "management", "GET /models");
  await ask("no token", "metrics", "GET /metrics");
  await ask("wrong token", "predictions", predict, image(), bearer("wrong"));
  await ask("the management's token", "predictions", predict, image(), bearer(management));
  await ask("the inference's token", "management", "GET /models", undefined, bearer(inference));
  await ask("right token", "predictions", predict, image(), bearer(inference));
  await ask("right token", "management", "GET /models/resnet18", undefined, bearer(management));
  await ask("model API off", "management", "DELETE /models/resnet18", undefined, bearer(management));
  await ask("model API off", "management", `POST /models?url=${server.archive}`, undefined, bearer(management));
  await ask(
    "model API off",
    "management",
    "PUT /models/resnet18?min_worker=0&max_worker=0&synchronous=true",
    undefined,
    bearer(management),
  );
  return exchanges;
}

async function recordTriton(environment: LiveEnvironment): Promise<Exchange[]> {
  await using server = await startTriton(environment, { models: ["resnet18", "bert", "sums"] });
  const { ask, exchanges } = recorderOf({ predictions: server.url, metrics: new URL(server.metricsUrl!).origin });
  const v2 = (request: string, note = "", sent?: unknown) =>
    ask(note, "predictions", request.replace(" ", " /v2"), sent);
  await v2("GET ");
  await v2("GET /health/live");
  await v2("GET /health/ready");
  await v2("POST /repository/index", "without a body");
  await v2("POST /repository/index", "", { ready: true });
  for (const model of ["resnet18", "bert", "sums"]) {
    await v2(`GET /models/${model}`);
    await v2(`GET /models/${model}/config`);
  }
  await v2("GET /models/resnet18/ready");
  await v2("GET /models/resnet18/versions/1");
  await v2("GET /models/resnet18/versions/7");
  await v2("GET /models/nope");
  await v2("GET /models/nope/ready");
  await v2("GET /models/resnet18/stats", "nothing ran yet");
  await v2("POST /models/resnet18/infer", "", { id: "a", inputs: [imageTensor(1)] });
  await v2("POST /models/resnet18/infer", "a batch of 2", { inputs: [imageTensor(2)] });
  await Promise.all(
    [1, 2, 3, 4].map((n) => v2("POST /models/resnet18/infer", `${n} of 4 at once`, { inputs: [imageTensor(1)] })),
  );
  await v2("GET /models/resnet18/stats");
  await v2("POST /models/bert/infer", "BYTES", {
    inputs: [{ name: "text", shape: [2, 1], datatype: "BYTES", data: ["a fine day", "rain"] }],
  });
  await v2("POST /models/sums/infer", "no batch dimension, two inputs", {
    inputs: [
      { name: "values", shape: [2, 4], datatype: "FP64", data: [1, 2, 3, 4, 5, 6, 7, 8] },
      { name: "flags", shape: [2], datatype: "BOOL", data: [true, false] },
    ],
  });
  const infer = "POST /models/resnet18/infer";
  await v2(infer, "wrong rank", { inputs: [{ name: "image", shape: [1, 3], datatype: "FP32", data: [1, 2, 3] }] });
  await v2(infer, "too few elements", {
    inputs: [{ name: "image", shape: [1, 3, SIDE, SIDE], datatype: "FP32", data: [1, 2, 3] }],
  });
  await v2(infer, "wrong datatype", { inputs: [{ ...imageTensor(1), datatype: "FP64" }] });
  await v2(infer, "wrong name", { inputs: [{ ...imageTensor(1), name: "x" }] });
  await v2(infer, "batch above the maximum", { inputs: [imageTensor(33)] });
  await v2(infer, "not JSON", "{");
  await v2("POST /models/nope/infer", "", { inputs: [imageTensor(1)] });
  await recordBinary(server.url, exchanges);
  await ask("", "metrics", "GET /metrics");
  await v2("POST /repository/models/resnet18/unload");
  await v2("POST /repository/index", "at once after that");
  await v2("GET /models/resnet18/ready", "at once after that");
  await v2("GET /models/resnet18", "at once after that");
  await v2("GET /models/resnet18/stats", "at once after that");
  await v2(infer, "unloaded", { inputs: [imageTensor(1)] });
  while ((await (await fetch(`${server.url}/v2/repository/index`, { method: "POST" })).text()).includes("UNLOADING")) {
    await pause(20);
  }
  await v2("POST /repository/index", "when it is gone");
  await v2("POST /repository/models/resnet18/unload", "again");
  await v2("POST /repository/models/resnet18/load");
  await v2("POST /repository/models/resnet18/load", "again");
  await v2("GET /models/resnet18/stats", "after a load: the counters begin anew");
  await v2("POST /repository/models/nope/load");
  await v2("POST /repository/models/nope/unload");
  return exchanges;
}

/** One binary exchange: only its JSON part and the number of bytes are kept. */
async function recordBinary(url: string, exchanges: Exchange[]): Promise<void> {
  const data = Float32Array.from(flatImage(1));
  const json = JSON.stringify({
    inputs: [{
      name: "image",
      shape: [1, 3, SIDE, SIDE],
      datatype: "FP32",
      parameters: { binary_data_size: data.byteLength },
    }],
    outputs: [{ name: "scores", parameters: { binary_data: true } }],
  });
  const head = new TextEncoder().encode(json);
  const body = new Uint8Array(head.length + data.byteLength);
  body.set(head);
  body.set(new Uint8Array(data.buffer), head.length);
  const headers = {
    "content-type": "application/octet-stream",
    "inference-header-content-length": String(head.length),
  };
  const response = await fetch(`${url}/v2/models/resnet18/infer`, { method: "POST", headers, body });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const length = Number(response.headers.get("inference-header-content-length"));
  exchanges.push({
    note: `binary tensors: ${data.byteLength} bytes after the JSON; in the answer ${bytes.length - length}`,
    port: "predictions",
    request: "POST /v2/models/resnet18/infer",
    sent: json,
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !UNTOLD_HEADERS.includes(name))),
    body: new TextDecoder().decode(bytes.subarray(0, length)),
  });
}

async function recordTorchInference(environment: LiveEnvironment): Promise<Exchange[]> {
  await using server = await startTorchInferencePython(environment, { answerUnknownByExample: true });
  const { ask, exchanges } = recorderOf({ predictions: server.url });
  for (const path of ["/health", "/models", "/models/available", "/metrics/server"]) {
    await ask("", "predictions", `GET ${path}`);
  }
  await ask("", "predictions", "POST /resnet18/predict", { inputs: image() });
  await ask("a batch of 2", "predictions", "POST /resnet18/predict", { inputs: [image(), image()] });
  await ask("", "predictions", "POST /bert/predict", { inputs: ["a fine day", "rain"] });
  await ask("answered by example", "predictions", "POST /nope/predict", { inputs: image() });
  await ask("", "predictions", "DELETE /autoscaler/unload?model_name=resnet18");
  await ask("again", "predictions", "DELETE /autoscaler/unload?model_name=resnet18");
  await ask("unloaded, answered by example", "predictions", "POST /resnet18/predict", { inputs: image() });
  await ask("", "predictions", "POST /autoscaler/load?model_name=resnet18&version=v1");
  await ask("", "predictions", "GET /stats");
  return exchanges;
}

const RECORDINGS = {
  torchserve: recordTorchServe,
  torchserve_tokens: recordTorchServeTokens,
  triton: recordTriton,
  torch_inference: recordTorchInference,
} as const;

const environment = liveEnvironment();
if (typeof environment === "string") throw new Error(`Cannot record: ${environment}`);
for (const [name, record] of Object.entries(RECORDINGS)) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  const file = fileURLToPath(new URL(`./recorded/${name}.json`, import.meta.url));
  await Deno.writeTextFile(file, `${JSON.stringify(await record(environment), null, 2)}\n`);
}
