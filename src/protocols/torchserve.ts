import { ExchangeError, TargetError } from "../core/errors.ts";
import type { BindOptions, Health, Protocol, ProtocolCallOptions, ProtocolFactory } from "../core/protocol.ts";
import type { Call } from "../core/transport.ts";
import { NO_SUCH_MODEL } from "./shared/capability_probe.ts";
import { JSON_ITEMS } from "./shared/json_form.ts";
import { lacksModel } from "./shared/lacks_model.ts";
import { inputByName } from "./shared/model_families.ts";
import {
  ask,
  inStatus,
  isRecord,
  jsonRequest,
  readAnswer,
  type ServerAnswer,
  succeeded,
} from "./shared/server_answer.ts";
import { encodePrediction } from "./torchserve/encode.ts";
import { judgePrediction } from "./torchserve/judge.ts";
import { ModelControl } from "./torchserve/model_control.ts";
import {
  fetchModelNames,
  fetchRegistration,
  fetchRegistrations,
  isServing,
  modelPath,
  readyWorkers,
  type Registration,
} from "./torchserve/registration.ts";
import { coldWorkers, serverTimings, whyNoTimings } from "./torchserve/timings.ts";
import { NO_MANAGEMENT_TOKEN, refusedToken, wantsToken } from "./torchserve/token.ts";
import { UnknownInputError } from "./shared/unknown_input_error.ts";

const NAME = "torchserve";
const PING = jsonRequest("GET", "/ping");
/** Management and metrics listen on the ports behind that of predictions, unless they are moved. */
const MANAGEMENT_OFFSET = 1;
const METRICS_OFFSET = 2;
/** Longest wait for a port that may be no business of the server's, ms. */
const ELSEWHERE_MS = 3000;
/** How often it looks at the memory of its workers unless its configuration says otherwise (`metric_time_interval`), ms. */
const MEMORY_REFRESH_MS = 60_000;
const HEALTHS = ["Healthy", "Partial Healthy", "Unhealthy"];

/** TorchServe: predictions, its management API and its metrics. */
export const torchserve: ProtocolFactory = {
  name: NAME,

  async detect(call, options) {
    const answer = readAnswer(await call(PING, options));
    if (isRecord(answer.value) && answer.value["type"] === "InvalidKeyException") throw refusedToken(answer);
    const status = pingStatus(answer);
    return status === null ? null : `GET /ping says ${status}`;
  },

  async detectByModels(call, { model, callTo, timeoutMs = ELSEWHERE_MS, ...options }) {
    const management = callTo?.("management", MANAGEMENT_OFFSET) ?? call;
    const briefly = { ...options, timeoutMs: Math.min(timeoutMs, ELSEWHERE_MS) };
    const names: string[] = await fetchModelNames(management, briefly).catch((error) => {
      if (options.signal?.aborted || !(error instanceof TargetError)) throw error;
      return [];
    });
    const isListed = names.length > 0 && (model === null || names.includes(model));
    return isListed ? `its management API lists ${names.length} models` : null;
  },

  versionedPath: (path, version) => path.replace(/^(\/(?:predictions|models)\/[^/?]+)(?=[/?]|$)/, `$1/${version}`),

  async bind(call, options) {
    const management = options?.callTo?.("management", MANAGEMENT_OFFSET) ?? call;
    const metrics = options?.callTo?.("metrics", METRICS_OFFSET) ?? call;
    const [unmanaged, noTimings] = await Promise.all([
      whyUnmanaged(management, options),
      whyNoTimings(metrics, options),
    ]);
    const noModelApi = unmanaged ?? await whyNoModelApi(management, options);
    if (options?.reregister && noModelApi !== null) {
      throw new TargetError(`Cannot register models anew as TorchServe must allow it: ${noModelApi}`);
    }
    const control = new ModelControl(management, options?.reregister ?? false);
    return {
      ...basics(call, unmanaged === null ? management : null),
      ...unmanaged === null && managed(management, metrics, control),
      ...noModelApi === null && {
        setServerBatch: (model, batch, options) => control.setServerBatch(model, batch, options),
      },
      ...noTimings === null && { serverTimings: (model, options) => serverTimings(metrics, model, options) },
      lacks: {
        ...unmanaged !== null && { listModels: unmanaged, load: unmanaged, unload: unmanaged, verifyAbsent: unmanaged },
        ...noModelApi !== null && { setServerBatch: noModelApi },
        ...noTimings !== null && { serverTimings: noTimings },
      },
    } satisfies Protocol;
  },
};

/** What every TorchServe can do. */
function basics(call: Call, management: Call | null) {
  return {
    name: NAME,
    takesBytes: true,
    resolveModel: (name) => name,
    encode: encodePrediction,
    itemForm: () => JSON_ITEMS,
    judge: judgePrediction,
    health: (options) => health(call, options),
    async describeModel(model, options) {
      const registration = management === null ? null : await fetchRegistration(management, model, options);
      if (management !== null && registration === null) {
        throw lacksModel(model, await fetchModelNames(management, options));
      }
      // A request is one item: batches are made in the server.
      const known = { name: model, maxBatchSize: 1, device: registration?.device ?? null };
      const input = inputByName(model);
      if (input === null) throw new UnknownInputError(known);
      return { ...known, input };
    },
  } satisfies Protocol;
}

/** What the management API adds. */
function managed(management: Call, metrics: Call, control: ModelControl) {
  return {
    listModels: async (options) =>
      (await fetchRegistrations(management, options)).map((registration) => ({
        name: registration.name,
        loaded: isServing(registration),
        description: `version ${registration.version}, workers: ${statesOf(registration)}`,
      })),
    load: (model, options) => control.load(model, options),
    async coldWorkers(model, options) {
      const registration = await fetchRegistration(management, model, options);
      const ids = registration === null ? [] : readyWorkers(registration).map(({ id }) => id);
      return await coldWorkers(metrics, model, ids, options);
    },
    unload: (model, options) => control.unload(model, options),
    verifyAbsent: (model, options) => control.verifyAbsent(model, options),
    restore: (model, options) => control.restore(model, options),
    serverBatch: (model, options) => control.serverBatch(model, options),
    async serverMemory(options) {
      const all = (await fetchRegistrations(management, options)).flatMap(({ workers }) => workers);
      const workers = all.map(({ id, pid, residentBytes }) => ({ id, pid, residentBytes }));
      const known = workers.flatMap(({ residentBytes }) => residentBytes ?? []);
      const residentBytes = known.length < workers.length ? null : known.reduce((sum, bytes) => sum + bytes, 0);
      const refreshMs = MEMORY_REFRESH_MS;
      return { residentBytes, gpuAllocatedBytes: null, gpuReservedBytes: null, workers, refreshMs };
    },
  } satisfies Partial<Protocol>;
}

function statesOf({ workers }: Registration): string {
  return workers.length === 0 ? "none" : workers.map(({ status }) => status.toLowerCase()).join(", ");
}

function pingStatus({ value }: ServerAnswer): string | null {
  const status = isRecord(value) ? value["status"] : undefined;
  return typeof status === "string" && HEALTHS.includes(status) ? status : null;
}

async function health(call: Call, options?: ProtocolCallOptions): Promise<Health> {
  const answer = await ask(call, PING, "ask for the server's health", options);
  if (wantsToken(answer)) throw refusedToken(answer);
  const status = pingStatus(answer);
  return {
    healthy: succeeded(answer) && status !== null && status !== "Unhealthy",
    detail: `GET /ping answers ${inStatus({ status: answer.status, words: status ?? answer.words })}`,
  };
}

/** Why the management API cannot be used, or `null` if it can. */
async function whyUnmanaged(management: Call, options?: BindOptions): Promise<string | null> {
  try {
    const answer = readAnswer(await management(jsonRequest("GET", "/models"), options));
    if (wantsToken(answer)) return NO_MANAGEMENT_TOKEN;
    return succeeded(answer) && isRecord(answer.value) && Array.isArray(answer.value["models"])
      ? null
      : `TorchServe's management API does not list models: status ${answer.status}, "${answer.words}"`;
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    return `TorchServe's management API does not answer (${error.message}): is its URL another?`;
  }
}

/** Why models cannot be registered and removed, or `null` if they can; asked by removing one that cannot exist. */
async function whyNoModelApi(management: Call, options?: BindOptions): Promise<string | null> {
  const what = "find out whether models can be registered";
  const answer = await ask(management, jsonRequest("DELETE", modelPath(NO_SUCH_MODEL)), what, options);
  return answer.status === 404 && answer.words.includes(NO_SUCH_MODEL)
    ? null
    : "TorchServe does not let models be registered: start it with --enable-model-api";
}
