import type { Health, ModelDescription, Protocol, ProtocolCallOptions, ProtocolFactory } from "../core/protocol.ts";
import type { Call } from "../core/transport.ts";
import { percentEncoded } from "../core/untrusted/percent.ts";
import { detectByModels } from "./kserve_v2/detect_by_models.ts";
import { createEncoder, type Encoder } from "./kserve_v2/encode.ts";
import { judgeInference } from "./kserve_v2/judge.ts";
import { descriptionOf, type ModelMetadata, parseMetadata } from "./kserve_v2/metadata.ts";
import { findTimings } from "./kserve_v2/metrics.ts";
import { ModelNames } from "./kserve_v2/model_names.ts";
import { isReady, Readiness, saysUnready, unready } from "./kserve_v2/readiness.ts";
import {
  findListing,
  type Listing,
  listModels,
  load,
  modelControlLack,
  unload,
  verifyAbsent,
  whyUnloadIsFinal,
} from "./kserve_v2/repository.ts";
import { serverTimings } from "./kserve_v2/timings.ts";
import { isUnauthorized } from "./shared/authentication.ts";
import { hasRoute, seen } from "./shared/capability_probe.ts";
import { lacksModel } from "./shared/lacks_model.ts";
import { isNotReady, notReady } from "./shared/not_ready.ts";
import { processMemory } from "./shared/prometheus.ts";
import {
  ask,
  inStatus,
  isRecord,
  jsonRequest,
  readAnswer,
  type ServerAnswer,
  succeeded,
  textOrNull,
  unexpected,
} from "./shared/server_answer.ts";
import { showsNoRoute } from "./shared/shown_absence.ts";

const NAME = "kserve-v2";
const SERVER = jsonRequest("GET", "/v2");
const HEALTH = jsonRequest("GET", "/v2/health/ready");

/** What Triton calls itself. While it loads models when it is told to, its index tells no state of those that it never loaded. */
const STATES_WHAT_IT_LOADED = "triton";

/** The Open Inference Protocol over REST: Triton, KServe, MLServer, OpenVINO Model Server. */
export const kserveV2: ProtocolFactory = {
  name: NAME,
  takesBatched: true,

  async detect(call, options) {
    const { value } = readAnswer(await call(SERVER, options));
    if (isRecord(value) && typeof value["name"] === "string" && ("extensions" in value || "version" in value)) {
      const named = [value["name"], value["version"]].flatMap((part) => textOrNull(part) ?? []);
      return `GET /v2 names the server ${named.join(" ")}`;
    }
    // Wrappers that leave out the server's metadata still say whether they live.
    const live = readAnswer(await call(jsonRequest("GET", "/v2/health/live"), options));
    const lives = succeeded(live) && isRecord(live.value) && live.value["live"] === true;
    return lives ? "GET /v2/health/live says that it lives" : null;
  },

  detectByModels,

  versionedPath: (path, version) => path.replace(/^(\/v2\/models\/[^/?]+)(?=[/?]|$)/, `$1/versions/${version}`),

  async bind(call, options) {
    const [server, found, noControl, memory] = await Promise.all([
      ask(call, SERVER, "ask what the server can do", options),
      findListing(call, options),
      modelControlLack(call, options),
      processMemory(call, options),
    ]);
    const listing = typeof found === "string" ? null : found;
    const extensions = extensionsOf(server);
    const timings = extensions.includes("statistics")
      ? (model: string, options?: ProtocolCallOptions) => serverTimings(call, model, options)
      : await findTimings(call, serverName(server), options);
    const readiness = new Readiness(call);
    const loads = noControl === null && serverName(server)?.toLowerCase() === STATES_WHAT_IT_LOADED;
    const tellsMemory = memory.residentBytes !== null;
    return {
      ...basics(call, { extensions, listing, readiness, batched: options?.batched, notes: new Set() }),
      ...listing !== null && { listModels: (options) => listModels(call, listing, loads, options) },
      ...noControl === null && {
        load: (model, options) => load(call, model, readiness, options),
        unload: (model, options) => unload(call, model, options),
        whyUnloadIsFinal: (model, options) =>
          whyUnloadIsFinal(call, model, serverName(server), listing, readiness, options),
      },
      ...typeof timings !== "string" && { serverTimings: timings },
      ...tellsMemory && { serverMemory: (options) => processMemory(call, options) },
      lacks: {
        ...typeof found === "string" && { listModels: found },
        ...noControl !== null && { load: noControl, unload: noControl },
        ...typeof timings === "string" && { serverTimings: timings },
        ...!tellsMemory && { serverMemory: "GET /metrics does not tell the memory of the process" },
        listDownloadable: "the protocol has no such call: load fetches models",
        download: "the protocol has no such call: load fetches models",
      },
    } satisfies Protocol;
  },
};

/** What was found out about a server. */
interface Server {
  readonly extensions: readonly string[];
  readonly listing: Listing | null;
  readonly readiness: Readiness;
  /** Whether its models take batches, as the user says. */
  readonly batched: boolean | undefined;
  /** What stands out, for people. */
  readonly notes: Set<string>;
}

/** What every server of this protocol can do. */
function basics(call: Call, server: Server) {
  const { extensions, listing, readiness, batched } = server;
  const binary = extensions.includes("binary_tensor_data");
  /** What is known of the models that were described. */
  const known = new Map<string, ModelMetadata>();
  const encoders = new Map<string, Encoder>();
  const names = new ModelNames(listing?.names);
  const encoderFor = (model: string) => {
    const encoder = encoders.get(model) ??
      createEncoder(model, known.get(model) ?? { batched: batched ?? true }, binary);
    encoders.set(model, encoder);
    return encoder;
  };
  return {
    name: NAME,
    takesTensors: true,
    takesParameters: true,
    resolveModel: (name) => name,
    encode: (model, inputs, options) => encoderFor(model).encode(inputs, options),
    itemForm: (model) => encoderFor(model).form,
    judge: (response, asked) =>
      judgeInference(response, asked, known.get(asked.model)?.countsRows ?? batched ?? true, names),
    notes: () => [...server.notes, ...names.notes()],
    health: async (options) => healthOf(await ask(call, HEALTH, "ask for the server's health", options)),
    verifyAbsent: (model, options) => verifyAbsent(call, model, listing?.isIndex ?? false, readiness, options),
    describeModel: async (model, options): Promise<ModelDescription> => {
      const metadata = await fetchMetadata(call, model, server, options);
      // What is said later of a model that is gone can then be told from a route that the server has not.
      await readiness.check(model, options);
      known.set(model, metadata);
      if (metadata.ownName !== undefined) names.described(model, metadata.ownName);
      encoders.delete(model);
      return descriptionOf(metadata);
    },
  } satisfies Protocol;
}

async function fetchMetadata(
  call: Call,
  model: string,
  { extensions, listing, readiness, batched, notes }: Server,
  options?: ProtocolCallOptions,
): Promise<ModelMetadata> {
  const what = `describe the model "${model}"`;
  const request = jsonRequest("GET", `/v2/models/${percentEncoded(model)}`);
  const answer = await ask(call, request, what, options);
  if (isNotReady(answer)) throw notReady(seen(request, answer), answer);
  if (!succeeded(answer)) {
    const ready = await readiness.ask(model, options);
    if (saysUnready(ready)) throw unready(model, ready);
    const refusal = { why: seen(request, answer), lasts: isUnauthorized(answer) };
    if (isReady(ready)) return parseMetadata(model, { batched, refusal });
    const models = listing === null ? null : await listModels(call, listing, false, options);
    const listed = models?.find(({ name }) => name === model);
    const asked = readiness.question(model);
    const isHidden = showsNoRoute(ready, asked) && showsNoRoute(answer, { ...asked, path: request.path });
    // A gateway may let through no more than the requests for predictions.
    const mayBeThere = isHidden && (models === null || listed !== undefined && listed.loaded !== false);
    if (mayBeThere && await hasPredictions(call, model, options)) {
      notes.add(`The server does not describe the model "${model}": ${refusal.why}.`);
      return parseMetadata(model, { batched, refusal });
    }
    // A model that is there but not loaded has no metadata yet.
    if (listed !== undefined) throw unexpected(answer, request, what);
    if (answer.status !== 400 && answer.status !== 404) throw unexpected(answer, request, what);
    throw lacksModel(model, models?.map(({ name }) => name) ?? null);
  }
  const config = extensions.includes("model_configuration")
    ? await ask(call, { ...request, path: `${request.path}/config` }, what, options)
    : null;
  return parseMetadata(model, {
    batched,
    metadata: answer.value,
    config: config !== null && succeeded(config) ? config.value : undefined,
  });
}

async function hasPredictions(call: Call, model: string, options?: ProtocolCallOptions): Promise<boolean> {
  const path = `/v2/models/${percentEncoded(model)}`;
  return await hasRoute(call, { path: `${path}/infer`, model }, options) ||
    await hasRoute(call, { path: `${path}/generate_stream`, model }, options);
}

function healthOf({ status, value, words }: ServerAnswer): Health {
  const healthy = succeeded({ status }) && !(isRecord(value) && value["ready"] === false);
  return { healthy, detail: `GET ${HEALTH.path} answers ${inStatus({ status, words })}` };
}

function serverName({ value }: ServerAnswer): string | null {
  return isRecord(value) ? textOrNull(value["name"]) : null;
}

function extensionsOf({ value }: ServerAnswer): string[] {
  const extensions = isRecord(value) ? value["extensions"] : undefined;
  return Array.isArray(extensions) ? extensions.filter((extension) => typeof extension === "string") : [];
}
