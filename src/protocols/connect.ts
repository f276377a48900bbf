import { TargetError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import { loading } from "../core/patience/loading.ts";
import { tellWait } from "../core/patience/tell_wait.ts";
import type { InputSpec, PartialInput } from "../core/model_input.ts";
import type { ModelDescription, ModelSummary, Protocol, ProtocolCallOptions } from "../core/protocol.ts";
import type { StartedServer } from "../core/started_server.ts";
import type { Target } from "../core/target.ts";
import { checkInputs, generateInputs } from "../items/generate_inputs.ts";
import { connectServer, type ConnectServerOptions } from "./connect_server.ts";
import { NotOfferedError } from "./shared/capability_probe.ts";
import { lacksModel, listOf } from "./shared/lacks_model.ts";
import { notReady } from "./shared/not_ready.ts";
import { UnknownInputError } from "./shared/unknown_input_error.ts";

/** How often it is told that a load goes on, ms. */
const STILL_MS = 5000;

/**
 * Makes items of what the model takes, which is `null` where nobody knows; `null` as the answer leaves that as it is.
 * `told` is what the server says of the inputs where that is not all. Rejects with `UsageError` where they cannot be what it
 * takes.
 */
export type FitInputs = (
  known: InputSpec | null,
  protocol: Protocol,
  told?: readonly PartialInput[],
) => Promise<InputSpec | null>;

/** Options of {@linkcode connect}. */
export interface ConnectOptions extends ConnectServerOptions {
  /** Name or alias of the model. @default {the first that is loaded} */
  readonly model?: string;
  /** Whether the server may be asked to fetch a model that it lacks. @default {true} */
  readonly download?: boolean;
  /** Whether the server may be asked to load a model that is not loaded. @default {true} */
  readonly load?: boolean;
  /** Longest to wait for a load, or for a download to go on, ms. @default {120000, of a download 600000} */
  readonly loadTimeoutMs?: number;
  /** Items to send where nobody can tell what the model takes; they replace what the server says. */
  readonly inputs?: InputSpec | FitInputs;
  /** Whether it is torchgauge's own embedded server, for the record. @default {false} */
  readonly embedded?: boolean;
  /** The server's process, where it was started for this and may be started again. */
  readonly started?: StartedServer;
}

/**
 * Connects to one model on one server: finds the protocol, checks the server's health, finds the model by its name or
 * alias, has the server fetch and load it where that is needed, and asks what it takes.
 *
 * @param url Base URL of the server.
 * @param options Which model, and how to get at it.
 * @returns The model, ready to be measured. Close it when done; the server goes on.
 * @throws {UsageError} If the URL, a header or the protocol's name cannot be used.
 * @throws {TargetError} If the server is unreachable, unhealthy, no inference server, or lacks the model.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Target> {
  const { explained, ...server } = await connectServer(url, options);
  const { signal, timeoutMs = 10_000, inputs, embedded = false, started } = options;
  const callOptions = signal === undefined ? { timeoutMs } : { timeoutMs, signal };
  try {
    const asked = options.model ?? options.generic?.defaultModel ?? undefined;
    const model = await findModel(server.protocol, asked, options, callOptions);
    const description = await describe(server.protocol, model, inputs, callOptions);
    checkInputs(description.input);
    await server.protocol.settleForm?.(description, callOptions);
    if (options.generic !== undefined) checkItems(server.protocol, description);
    return {
      ...server,
      model: description.name,
      description,
      embedded,
      ...(started === undefined ? {} : { started }),
    };
  } catch (error) {
    await server.close();
    throw await explained(error);
  }
}

const why = (reason: string | undefined) => reason === undefined ? "" : `: ${reason}`;

/** The models of a server; where it has no such list for a reason that it shows, that. */
async function listed(
  protocol: Protocol,
  options: ProtocolCallOptions,
): Promise<readonly ModelSummary[] | NotOfferedError | null> {
  try {
    return await protocol.listModels?.(options) ?? null;
  } catch (error) {
    if (error instanceof NotOfferedError) return error;
    throw error;
  }
}

function stillLoads({ name }: ModelSummary): TargetError {
  return notReady(`its list says that it loads the model "${name}"`);
}

/** Whether the server describes a model that it does not list. */
async function answersFor(protocol: Protocol, model: string, options: ProtocolCallOptions): Promise<boolean> {
  try {
    await protocol.describeModel(model, options);
    return true;
  } catch {
    options.signal?.throwIfAborted();
    return false;
  }
}

/** The name by which the server has the model, once it has it and has loaded it. */
async function findModel(
  protocol: Protocol,
  asked: string | undefined,
  options: ConnectOptions,
  callOptions: ProtocolCallOptions,
): Promise<string> {
  const { download = true, load = true, onProgress } = options;
  const list = await listed(protocol, callOptions);
  const isHidden = list instanceof NotOfferedError;
  const models = isHidden ? null : list;
  if (asked === undefined) {
    const loaded = models?.find((model) => model.loaded !== false);
    if (loaded !== undefined) return loaded.name;
    const soon = models?.find(({ isLoading = false }) => isLoading);
    if (soon !== undefined) throw stillLoads(soon);
    throw new TargetError(
      "Cannot choose a model as the server must have one loaded: it " +
        (models === null
          ? `gives no list of its models${why(isHidden ? list.found : protocol.lacks?.listModels)}`
          : models.length === 0
          ? "lists no model"
          : `has loaded none of ${listOf(names(models))}`),
      {
        hint: models === null
          ? naming`Name one with ${option("model")}.`
          : naming`Name one with ${option("model")}; see ${option("listModels")} and ${option("listDownloadable")}.`,
      },
    );
  }
  // A server may use as a name what another takes for an alias, so the name as it was given comes first.
  const candidates = [asked, protocol.resolveModel(asked)];
  const longOptions = {
    ...callOptions,
    ...options.loadTimeoutMs === undefined ? {} : { loadTimeoutMs: options.loadTimeoutMs },
  };
  const mayLoad = load && protocol.load !== undefined;
  if (models === null) {
    const name = candidates[1]!;
    if (mayLoad && !isHidden && (await protocol.verifyAbsent?.(name, callOptions))?.absent) {
      await loadModel(protocol, name, longOptions, onProgress);
    }
    return name;
  }
  let found = candidates.map((name) => models.find((model) => model.name === name)).find((model) =>
    model !== undefined
  );
  if (found === undefined) {
    const offered = download ? await protocol.downloadName?.(asked, callOptions) ?? null : null;
    const lacks = async () => {
      const available = download ? await protocol.listDownloadable?.(callOptions) ?? [] : [];
      return lacksModel(asked, names(models), names(available));
    };
    if (offered === null || protocol.download === undefined) {
      // Some lists are not of all that the server answers for.
      if (await answersFor(protocol, candidates[1]!, callOptions)) return candidates[1]!;
      throw await lacks();
    }
    const findOffered = (models: readonly ModelSummary[]) => models.find(({ name }) => name === offered);
    found = findOffered(models);
    if (found === undefined) {
      await protocol.download(offered, { ...longOptions, ...onProgress === undefined ? {} : { onProgress } });
      found = findOffered(await protocol.listModels!(callOptions));
    }
    if (found === undefined) throw await lacks();
  }
  if (found.isLoading && !mayLoad) throw stillLoads(found);
  if (found.loaded === false && load) await loadModel(protocol, found.name, longOptions, onProgress);
  return found.name;
}

async function loadModel(
  protocol: Protocol,
  name: string,
  options: ProtocolCallOptions,
  onProgress: ConnectOptions["onProgress"] = () => {},
): Promise<void> {
  if (protocol.load === undefined) return;
  const mostMs = loading(options).timeoutMs;
  const wait = { what: `loading ${name}`, mostMs, everyMs: STILL_MS, tell: onProgress };
  onProgress(`${wait.what}, at most ${mostMs / 1000} s`);
  await tellWait(wait, protocol.load(name, options)).catch((error) => {
    // A server that loads nothing when it is told to may do so when it is first asked.
    if (!(error instanceof NotOfferedError)) throw error;
  });
}

async function describe(
  protocol: Protocol,
  model: string,
  inputs: ConnectOptions["inputs"],
  callOptions: ProtocolCallOptions,
): Promise<ModelDescription> {
  const fit = (known: InputSpec | null, told?: readonly PartialInput[]) =>
    typeof inputs === "function" ? inputs(known, protocol, told) : inputs ?? null;
  try {
    const description = await protocol.describeModel(model, callOptions);
    return { ...description, input: await fit(description.input) ?? description.input };
  } catch (error) {
    const input = error instanceof UnknownInputError ? await fit(null, error.told) ?? error.otherwise : null;
    if (!(error instanceof UnknownInputError) || input === null) throw error;
    return { ...error.known, input };
  }
}

/** Whether one item of each kind that will be sent makes a request; protocols that nobody described take them all. */
function checkItems(protocol: Protocol, { name, input }: ModelDescription): void {
  const items = input.kind === "samples"
    ? new Map(input.samples.toReversed().map((item) => [item.kind, item])).values()
    : generateInputs({ spec: input, from: 0, to: 1, seed: 1, varies: false });
  for (const item of items) protocol.encode(name, [item]);
}

function names(models: readonly { readonly name: string }[]): string[] {
  return models.map(({ name }) => name);
}
