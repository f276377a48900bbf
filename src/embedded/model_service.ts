import { BatchQueue, type Job, QueueFullError, type Turn } from "./batch_queue.ts";
import { CATALOG, type CatalogModel, findModel } from "./models/catalog.ts";
import { type Items, joinItems } from "./routes/items.ts";
import { LoadedModel } from "./loaded_model.ts";
import { ModelStatistics } from "./model_statistics.ts";
import type { ModelStore } from "./models/model_store.ts";
import { RequestError } from "./routes/request_error.ts";

/** What a request got. */
export interface Prediction extends Turn {
  /** Scores before softmax, row-major, one row for each item. */
  readonly logits: Float32Array;
  /** Inference of the execution that it was part of, ms. */
  readonly computeMs: number;
}

/** How a request wants to be treated. */
export type PredictOptions = Pick<Job, "priority" | "mayShare" | "signal">;

/** Whether a model answers predictions. */
export type ModelState = "ready" | "loading" | "unloading" | "unavailable";

interface PredictionJob extends Job {
  readonly content: Items;
}

interface Running {
  readonly model: LoadedModel;
  readonly queue: BatchQueue<PredictionJob, Prediction>;
}

/** Most items that requests share an execution with. */
const MAX_SHARED_ITEMS = 16;
/** Most requests that wait for one model. */
const MAX_WAITING = 4096;

/** The models of the server: fetches, loads, runs and unloads them, and counts what they do. */
export class ModelService {
  /** Their files. */
  readonly store: ModelStore;
  readonly #threads: number;
  readonly #running = new Map<string, Running>();
  readonly #changes = new Map<string, { readonly state: ModelState; readonly done: Promise<void> }>();
  readonly #statistics = new Map(CATALOG.map(({ name }) => [name, new ModelStatistics()]));

  /** Nothing is loaded at first. @param store Their files. @param threads Threads that one operator may use. */
  constructor(store: ModelStore, threads: number) {
    this.store = store;
    this.#threads = threads;
  }

  /** Whether a model answers predictions. */
  state(model: CatalogModel): ModelState {
    return this.#changes.get(model.name)?.state ?? (this.#running.has(model.name) ? "ready" : "unavailable");
  }

  /**
   * Finds a model that answers predictions.
   *
   * @param name Its name or an alias.
   * @throws {RequestError} With 404 if there is none of that name or it is not loaded.
   */
  ready(name: string): CatalogModel {
    const model = findModel(name);
    if (!model) throw new RequestError(404, `Cannot use the model "${name}" as there is none of that name`);
    if (this.state(model) === "ready") return model;
    throw new RequestError(404, `Cannot use the model "${name}" as it is not loaded`);
  }

  /** Requests that wait for a model. */
  waiting(model: CatalogModel): number {
    return this.#running.get(model.name)?.queue.length ?? 0;
  }

  /** Whether a model computes now. */
  executing(model: CatalogModel): boolean {
    return this.#running.get(model.name)?.queue.executing ?? false;
  }

  /** What a model did since the server began. */
  statistics(model: CatalogModel): ModelStatistics {
    return this.#statistics.get(model.name)!;
  }

  /** Loads a model, fetching its file first if it is not there. Nothing happens if it is loaded. */
  load(model: CatalogModel): Promise<void> {
    if (this.state(model) === "ready") return Promise.resolve();
    return this.#change(model, "loading", async () => {
      if (this.#running.has(model.name)) return;
      await this.store.ensure(model);
      const loaded = await this.#loadFile(model);
      this.#running.set(model.name, { model: loaded, queue: this.#queue(model, loaded) });
    });
  }

  /** A file that cannot be loaded is damaged, by a full disk or whoever wrote there: it is made anew, once. */
  async #loadFile(model: CatalogModel): Promise<LoadedModel> {
    const path = this.store.path(model);
    try {
      return await LoadedModel.load(path, this.#threads);
    } catch {
      await this.store.replace(model);
      return await LoadedModel.load(path, this.#threads);
    }
  }

  /** Unloads a model: what waits is refused, what runs ends first. Nothing happens if it is not loaded. */
  unload(model: CatalogModel): Promise<void> {
    if (this.state(model) === "unavailable") return Promise.resolve();
    return this.#change(model, "unloading", async () => {
      const running = this.#running.get(model.name);
      if (!running) return;
      this.#running.delete(model.name);
      await running.queue.drain(new RequestError(503, `Cannot predict as model "${model.name}" was unloaded`));
      await running.model.release();
      collectGarbage();
    });
  }

  /** Unloads all. */
  async close(): Promise<void> {
    await Promise.all(CATALOG.map((model) => this.unload(model)));
  }

  /**
   * Predicts the items of one request, alone or together with others.
   *
   * @throws {RequestError} If the model is not loaded, too many requests wait, or the signal is aborted in the queue.
   */
  async predict(model: CatalogModel, content: Items, options: PredictOptions): Promise<Prediction> {
    const running = this.#running.get(model.name);
    if (!running) throw new RequestError(404, `Cannot predict as model "${model.name}" is not loaded`);
    const statistics = this.statistics(model), startedAt = performance.now();
    try {
      const prediction = await running.queue.submit({ ...options, items: content.count, content });
      statistics.success.add(performance.now() - startedAt);
      return prediction;
    } catch (error) {
      const late = options.signal?.aborted === true;
      (late ? statistics.cancelled : statistics.failure).add(performance.now() - startedAt);
      if (late) {
        throw new RequestError(504, "Cannot predict in time as the request waited until its timeout had passed");
      }
      throw error instanceof QueueFullError ? new RequestError(503, error.message) : error;
    }
  }

  #queue(model: CatalogModel, loaded: LoadedModel): BatchQueue<PredictionJob, Prediction> {
    const { item, classes } = model, statistics = this.statistics(model);
    return new BatchQueue({
      maxItems: MAX_SHARED_ITEMS,
      maxWaiting: MAX_WAITING,
      execute: async (jobs) => {
        const begin = performance.now();
        const shape = item.kind === "tensor" ? item.shape : [];
        const feeds = joinItems(item.name, shape, jobs.map(({ job }) => job.content));
        const joined = performance.now();
        const { data, inferMs } = await loaded.run(feeds);
        const ran = performance.now();
        let row = 0;
        const predictions = jobs.map(({ job, turn }): Prediction => {
          const logits = data.subarray(row * classes, (row + job.items) * classes);
          row += job.items;
          return { ...turn, logits, computeMs: inferMs };
        });
        const times = { inputMs: joined - begin, inferMs, outputMs: performance.now() - ran };
        statistics.addExecution(row, times, jobs.map(({ turn }) => turn.queueMs));
        return predictions;
      },
    });
  }

  /** One change of a model at a time, in the order in which they were asked for. */
  #change(model: CatalogModel, state: ModelState, work: () => Promise<void>): Promise<void> {
    const before = this.#changes.get(model.name)?.done ?? Promise.resolve();
    const done = before.catch(() => {}).then(work);
    const change = { state, done };
    this.#changes.set(model.name, change);
    return done.finally(() => {
      if (this.#changes.get(model.name) === change) this.#changes.delete(model.name);
    });
  }
}

/** V8's collector, where the process runs with `--expose-gc`. */
type Collect = (options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;

/** Gives what requests left behind back to the system, so that memory shows the models alone. */
function collectGarbage(): void {
  (globalThis as { gc?: Collect }).gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
}
