import type { PlacedMarker } from "./marker.ts";
import type { InputSpec, ItemForm, ModelInput } from "./model_input.ts";
import type { Generation } from "./request/generation.ts";
import type { RequestParameters } from "./request/parameters.ts";
import type { FirstTokenCounters } from "./stream/first_token_counters.ts";
import type { AnswerStream } from "./stream/answer_stream.ts";
import type { Asked, Verdict } from "./request/verdict.ts";
import type { SequenceForm, SequencePlaces, Sequencing } from "./request/sequence.ts";
import type { Call, WireRequest, WireResponse } from "./transport.ts";

export type { Asked, Verdict } from "./request/verdict.ts";

/** Options of encoding a batch. */
export interface EncodeOptions {
  /** Scheduling priority for servers that have one. */
  readonly priority?: number;
  /** What else each request says, by name; for servers that take it. */
  readonly parameters?: RequestParameters;
  /** Says that each request is one of a sequence; which step it is, is written later. */
  readonly sequence?: Sequencing;
}

/** A request as a protocol encodes it. Its parts are shared by all requests that hold the same items, and never rewritten. */
export interface EncodedRequest extends WireRequest {
  /** Where a copy of it may be rewritten to differ from it, in the order of the body; left out where nowhere. */
  readonly markers?: readonly PlacedMarker[];
  /** Where a copy of its first part says its step in a sequence; left out where it belongs to none. */
  readonly sequence?: SequencePlaces;
}

/** What the server says of its own health. */
export interface Health {
  /** Whether it can serve. */
  readonly healthy: boolean;
  /** The server's own words, or a summary of its checks. */
  readonly detail: string;
  /** Whether an answer that is no healthy one shows that the server is there: under load it may turn away what asks. */
  readonly isThere?: boolean;
}

/** A model that the server has. */
export interface ModelSummary {
  /** Name to ask for it by. */
  readonly name: string;
  /** Whether it answers predictions now; `null` if the server does not say. */
  readonly loaded: boolean | null;
  /** True where the server says that it is about to; left out where it does not. */
  readonly isLoading?: boolean;
  /** One line about it, or `null`. */
  readonly description: string | null;
}

/** A model that the server could fetch. */
export interface DownloadableModel {
  /** Name to ask for it by. */
  readonly name: string;
  /** Where it comes from: `torchvision`, `huggingface`, ... */
  readonly source: string;
  /** What it does: `image-classification`, ... or `null`. */
  readonly task: string | null;
  /** Approximate size in bytes, or `null`. */
  readonly sizeBytes: number | null;
}

/** What is known of one model. */
export interface ModelDescription {
  /** Canonical name. */
  readonly name: string;
  /** What its items look like. */
  readonly input: InputSpec;
  /** Largest batch that it takes, 1 if it takes none, `null` if unknown. */
  readonly maxBatchSize: number | null;
  /** What to do so that it takes several, for people; left out where nothing can be done. */
  readonly batchHint?: string;
  /** Device that it runs on as the server says (`cpu`, `cuda:0`), or `null`. */
  readonly device: string | null;
  /** How its sequences are named, of a stateful model; left out where each request stands for itself. */
  readonly sequence?: SequenceForm;
}

/** Whether a model is gone, and how that is known. */
export interface Absence {
  /** True only if the server was seen to refuse or not to list the model. */
  readonly absent: boolean;
  /** What was seen, for people. */
  readonly evidence: string;
  /** Says that the server is about to let it go. */
  readonly isGoing?: boolean;
}

/** The server's cumulative counters for one model; take differences over a run. Times are ms. */
export interface ServerTimings extends Partial<FirstTokenCounters> {
  /** Metrics of the whole server that tell them, for people. Maybe of one process: they count if they hold what was sent. */
  readonly source?: string;
  /** Requests answered, unless they are counted when they arrive. */
  readonly requests: number;
  /** Says that `requests` are counted when they arrive, unlike the times; left out where they are not. */
  readonly countedAt?: "arrival";
  /** Executions of the model; `null` if unknown. Requests per execution is the batch that really ran. */
  readonly executions: number | null;
  /** Items predicted; `null` if unknown. */
  readonly predictions: number | null;
  /** Total time in queue, ms. */
  readonly queueMs: number | null;
  /** Total time in computation, ms; without input and output where those are told apart. */
  readonly computeMs: number | null;
  /** Requests that `computeMs` is of; left out where they are `requests`. So does `queued` for `queueMs`. */
  readonly computed?: number;
  /** Total time of preparing inputs, ms; left out where it is not told apart from computation. */
  readonly inputMs?: number;
  /** Total time of preparing outputs, ms; left out where it is not told apart from computation. */
  readonly outputMs?: number;
}

/** Memory of one of a server's worker processes. */
export interface WorkerMemory {
  /** Name of the worker as the server gives it. */
  readonly id: string;
  /** Its process id on the server's host, or `null`. */
  readonly pid: number | null;
  /** Its resident memory in bytes, or `null` where the server has not measured it yet. */
  readonly residentBytes: number | null;
}

/** Memory that the server reports of itself, in bytes; absent values are `null`. */
export interface ServerMemory {
  /** Resident memory of the server. */
  readonly residentBytes: number | null;
  /** Accelerator memory in live allocations. */
  readonly gpuAllocatedBytes: number | null;
  /** Accelerator memory held by the allocator. */
  readonly gpuReservedBytes: number | null;
  /** Of each worker process, where the server says so. */
  readonly workers?: readonly WorkerMemory[];
  /** How seldom the server looks at its resident memory, ms; left out where it does whenever it is asked. */
  readonly refreshMs?: number;
}

/** Worker processes that a load started, as the server tells after the first request to them. */
export interface ColdWorkers {
  /** How many serve now. */
  readonly count: number;
  /** What the slowest took from the start of its process to its loaded model, ms; `null` where the server does not say. */
  readonly startMs: number | null;
  /** What the model's handler took for the first request, ms; `null` where the server does not say. */
  readonly handlerMs: number | null;
}

/** What a server was told about batches that it makes itself. */
export interface ServerBatch {
  /** Most requests that it puts into one execution. */
  readonly batchSize: number;
  /** Longest that a request waits for others, ms. */
  readonly maxDelayMs: number;
}

/** Options of a call on a server. */
export interface ProtocolCallOptions {
  /** Cancels it. */
  readonly signal?: AbortSignal;
  /** Deadline of each question, ms. @default {that of the connection} */
  readonly timeoutMs?: number;
  /** Deadline of what loads, registers or fetches a model, ms. @default {120000} */
  readonly loadTimeoutMs?: number;
}

/** Options of having a server fetch a model. */
export interface DownloadOptions extends ProtocolCallOptions {
  /** Longest wait without progress, ms. @default {600000} */
  readonly loadTimeoutMs?: number;
  /** Is told how far it is, a few words. */
  readonly onProgress?: (text: string) => void;
}

/**
 * One way to talk to one inference server: it turns a batch of inputs into request bytes, an answer into a verdict,
 * and offers what this server can do. A capability that the server lacks is an absent method, never a faked one.
 * Methods reject with `TargetError` where the server refuses or fails.
 */
export interface Protocol {
  /** Name on the command line: `torch-inference`, `kserve-v2`, ... */
  readonly name: string;
  /** Whether items may be bytes of any kind, sent as they are. @default {false} */
  readonly takesBytes?: boolean;
  /** Whether items are sent as tensors with names and element types of their own. @default {false} */
  readonly takesTensors?: boolean;
  /** Whether a request may have parameters, those of a sequence among them. @default {false} */
  readonly takesParameters?: boolean;
  /** What its language models are asked to write; left out of other models. */
  readonly generation?: Generation;
  /** The canonical name of a model: aliases resolved, otherwise unchanged. */
  resolveModel(name: string): string;
  /** Encodes one batch; pure. Items become bytes once, and requests share them. */
  encode(model: string, inputs: readonly ModelInput[], options?: EncodeOptions): EncodedRequest;
  /** How items for a model become bytes; left out where that cannot be done beforehand. The same object each time. */
  itemForm?(model: string): ItemForm;
  /** Judges one answer; pure. */
  judge(response: WireResponse, asked: Asked): Verdict;
  /** What reads answers as they come, one for each connection; left out where answers are taken whole. */
  openStream?(): AnswerStream;
  /** Asks the server how it is. */
  health(options?: ProtocolCallOptions): Promise<Health>;
  /** What is known of a model that the server has; rejects if it lacks it. */
  describeModel(model: string, options?: ProtocolCallOptions): Promise<ModelDescription>;
  /**
   * Finds out how items of a loaded model are to be sent, where that depends on the server; asked once, before the first
   * request, with the items that will be sent.
   */
  settleForm?(description: ModelDescription, options?: ProtocolCallOptions): Promise<void>;
  /** Models that the server has. */
  listModels?(options?: ProtocolCallOptions): Promise<readonly ModelSummary[]>;
  /** Models that the server could fetch. */
  listDownloadable?(options?: ProtocolCallOptions): Promise<readonly DownloadableModel[]>;
  /** The name by which the server can fetch a model that was asked for by some name; `null` if it cannot. */
  downloadName?(asked: string, options?: ProtocolCallOptions): Promise<string | null>;
  /** Has the server fetch a model; resolves when it is there. */
  download?(model: string, options?: DownloadOptions): Promise<void>;
  /** Loads a model; resolves when the server says that it is loaded. */
  load?(model: string, options?: ProtocolCallOptions): Promise<void>;
  /** Workers of a model that was just loaded and asked once; only where loads start processes. */
  coldWorkers?(model: string, options?: ProtocolCallOptions): Promise<ColdWorkers>;
  /** Unloads a model; resolves when the server says that it did. Verify by {@linkcode Protocol.verifyAbsent}. */
  unload?(model: string, options?: ProtocolCallOptions): Promise<void>;
  /**
   * Why a loaded model, once unloaded, could not be loaded again, as far as that can be found out without unloading it:
   * `null` where nothing speaks against it. It may ask the server to load the model, which it has.
   */
  whyUnloadIsFinal?(model: string, options?: ProtocolCallOptions): Promise<string | null>;
  /** Looks once whether a model is gone. */
  verifyAbsent?(model: string, options?: ProtocolCallOptions): Promise<Absence>;
  /** Cumulative counters of one model. */
  serverTimings?(model: string, options?: ProtocolCallOptions): Promise<ServerTimings>;
  /** Memory that the server reports of itself. */
  serverMemory?(options?: ProtocolCallOptions): Promise<ServerMemory>;
  /** How the server makes batches of a model's requests now; only where it makes them by itself. */
  serverBatch?(model: string, options?: ProtocolCallOptions): Promise<ServerBatch>;
  /** Has the server make batches of so many single requests; resolves when the model serves again. */
  setServerBatch?(model: string, batch: ServerBatch, options?: ProtocolCallOptions): Promise<void>;
  /** Leaves a model as it was before `load`, `unload` and `setServerBatch`; without it `load` does. */
  restore?(model: string, options?: ProtocolCallOptions): Promise<void>;
  /** What stood out so far, for people: one sentence each. */
  notes?(): readonly string[];
  /** Why capabilities are absent, for people: the names of methods, and what was seen. */
  readonly lacks?: Readonly<Partial<Record<keyof Protocol, string>>>;
}

/** Addresses that a server may have besides its base URL. */
export type ServerAddress = "management" | "metrics";

/** What a protocol is recognised by where a server hides its own routes. */
export interface ModelDetection extends Pick<BindOptions, "callTo" | "signal" | "timeoutMs"> {
  /** Name of a model that it is said to have; `null` where none is named. */
  readonly model: string | null;
}

/** Options of binding a protocol to a server. */
export interface BindOptions extends ProtocolCallOptions {
  /**
   * Carries questions to another address of the same server. Without it they all go to the base URL.
   *
   * @param address Which.
   * @param portOffset How far its port is from the base URL's, unless the user said where it is.
   */
  readonly callTo?: (address: ServerAddress, portOffset: number) => Call;
  /**
   * Whether the first dimension of the models' tensors is the batch, as the user says.
   * @default {what the model's configuration says, else a guess}
   */
  readonly batched?: boolean;
  /** Whether a cold start registers the model anew, archive included, instead of only starting its workers. */
  readonly reregister?: boolean;
  /** What a language model is asked to write. */
  readonly generation?: Generation;
}

/** Finds out whether a server speaks a protocol, and binds one to it. */
export interface ProtocolFactory {
  /** Name on the command line. */
  readonly name: string;
  /** Whether {@linkcode BindOptions.batched} says something to it. @default {false} */
  readonly takesBatched?: boolean;
  /** Whether {@linkcode BindOptions.generation} says something to it. @default {false} */
  readonly takesGeneration?: boolean;
  /** What of that its servers cannot be told, so that it is refused. @default {[]} */
  readonly lacksGeneration?: readonly (keyof Generation)[];
  /** What was seen that shows that the server speaks this protocol, for people; `null` if it does not. */
  detect(call: Call, options?: ProtocolCallOptions): Promise<string | null>;
  /**
   * The same by the routes of the models, for a server that hides its own, as behind a gateway. Only questions that change
   * nothing.
   */
  detectByModels?(call: Call, options: ModelDetection): Promise<string | null>;
  /**
   * A path that asks for one version of a model; unchanged where it asks for no model. Absent where the protocol has no
   * versions.
   */
  versionedPath?(path: string, version: string): string;
  /** Binds the protocol to the server, asking it which capabilities it has. */
  bind(call: Call, options?: BindOptions): Promise<Protocol>;
}
