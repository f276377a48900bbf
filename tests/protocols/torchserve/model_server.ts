import type { FakeAnswer } from "../fake_server.ts";
import { json } from "../fake_server.ts";
import { refusal, registration } from "../fake_torchserve.ts";
import { startRoutesServer } from "../routes_server.ts";
import type { RawRequest } from "../../wire/raw_server.ts";

/** What TorchServe's three addresses do. */
export interface ModelServerOptions {
  /** Whether models may be registered and removed. @default {true} */
  readonly modelApi?: boolean;
  /** Tokens that are wanted. @default {null} */
  readonly tokens?: { readonly inference: string; readonly management: string } | null;
  /** Batch size that `config.properties` forces on a model. */
  readonly forcedBatchSize?: number;
  /** Whether requests are counted. @default {true} */
  readonly counts?: boolean;
  /** Makes the next registration fail. */
  readonly registrationFails?: boolean;
}

type Registered = ReturnType<typeof registration>;

const BAD_TOKEN = refusal(400, "InvalidKeyException", "Token Authorization failed.");

/** TorchServe with one model at three addresses; `changes` are the requests that changed something. */
export async function startModelServer(options: ModelServerOptions = {}, model: object = {}) {
  const { modelApi = true, tokens = null, counts = true } = options;
  const models = new Map<string, Registered>([["resnet18", { ...registration("resnet18", 2), ...model }]]);
  const changes: string[] = [];
  const guarded = (token: string | undefined, answer: (request: RawRequest) => FakeAnswer) => (request: RawRequest) =>
    token === undefined || request.headers["authorization"] === `Bearer ${token}` ? answer(request) : BAD_TOKEN;
  const inference = await startRoutesServer({
    "GET /ping": guarded(tokens?.inference, () => json({ status: "Healthy" })),
    "POST /predictions/resnet18": guarded(tokens?.inference, () => ({ body: '{"class":1}' })),
  });
  const manage = guarded(tokens?.management, (request) => {
    const url = new URL(request.path, "http://fake");
    if (request.method !== "GET") changes.push(`${request.method} ${request.path}`);
    return change(request.method, url, models, { ...options, modelApi });
  });
  const routes = [
    "GET /models",
    "POST /models",
    ...["resnet18", "torchgauge-no-such-model"].flatMap((name) =>
      ["GET", "PUT", "DELETE"].map((method) => `${method} /models/${name}`)
    ),
  ];
  const management = await startRoutesServer(Object.fromEntries(routes.map((route) => [route, manage])));
  const metrics = await startRoutesServer({ "GET /metrics": { body: counts ? METRICS : "# TYPE up gauge\nup 1\n" } });
  return {
    inference,
    management,
    metrics,
    models,
    /** Requests that changed something, the question whether that is allowed left out. */
    changes: () => changes.filter((change) => !change.includes("no-such-model")),
    async [Symbol.asyncDispose]() {
      await Promise.all([inference, management, metrics].map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

function change(method: string, url: URL, models: Map<string, Registered>, options: ModelServerOptions): FakeAnswer {
  const name = url.pathname.split("/")[2] ?? "";
  const number = (key: string, otherwise: number) => Number(url.searchParams.get(key) ?? otherwise);
  if ((method === "DELETE" || method === "POST") && !options.modelApi) {
    return refusal(405, "MethodNotAllowedException", "Requested method is not allowed, please refer to API document.");
  }
  if (method === "POST") {
    if (options.registrationFails && number("batch_size", 1) > 1) {
      return refusal(500, "InternalServerException", "Failed to start workers");
    }
    const registered = registration(url.searchParams.get("model_name")!, number("initial_workers", 1), {
      batchSize: options.forcedBatchSize ?? number("batch_size", 1),
      maxBatchDelay: number("max_batch_delay", 100),
      responseTimeout: number("response_timeout", 120),
    });
    models.set(registered.modelName, registered);
    return json({ status: "registered" });
  }
  if (name === "") return json({ models: [...models.keys()].map((modelName) => ({ modelName })) });
  const found = models.get(name);
  if (found === undefined) return refusal(404, "ModelNotFoundException", `Model not found: ${name}`);
  if (method === "GET") return json([found]);
  if (method === "DELETE") models.delete(name);
  else {
    const { workers, minWorkers } = registration(name, number("min_worker", 1));
    // As many as there are stay as they are.
    const kept = workers.length === found.workers.length ? found.workers : workers;
    models.set(name, { ...found, workers: kept, minWorkers, maxWorkers: number("max_worker", 1) });
  }
  return json({ status: "done" });
}

const METRICS = `# TYPE ts_inference_requests_total counter
ts_inference_requests_total{model_name="resnet18",model_version="1.0",hostname="vm",} 1.0
ts_inference_requests_total{model_name="resnet18",model_version="default",hostname="vm",} 3.0
ts_inference_requests_total{model_name="other",model_version="default",hostname="vm",} 50.0
ts_inference_latency_microseconds{model_name="resnet18",model_version="1.0",hostname="vm",} 30000.0
ts_inference_latency_microseconds{model_name="resnet18",model_version="default",hostname="vm",} 90000.0
ts_queue_latency_microseconds{model_name="resnet18",model_version="1.0",hostname="vm",} 1000.0
ts_queue_latency_microseconds{model_name="resnet18",model_version="default",hostname="vm",} 19000.0
WorkerLoadTime{WorkerName="W-8999-resnet18_1.0",Level="Host",Hostname="vm",} 9000.0
WorkerLoadTime{WorkerName="W-9000-resnet18_1.0",Level="Host",Hostname="vm",} 2500.0
WorkerLoadTime{WorkerName="W-9001-resnet18_1.0",Level="Host",Hostname="vm",} 2750.0
WorkerLoadTime{WorkerName="W-9000-other_1.0",Level="Host",Hostname="vm",} 8000.0
HandlerTime{ModelName="resnet18",Level="Model",Hostname="vm",} 67.91
HandlerTime{ModelName="other",Level="Model",Hostname="vm",} 1.0
`;
