import type { ModelStore, StoredModel } from "../models/model_store.ts";
import type { LanguageSettings } from "./decoder_worker.ts";
import { LanguageModel } from "./language_model.ts";
import { LanguageStatistics } from "./language_statistics.ts";
import { llama } from "./llama.ts";
import { LANGUAGE_MODEL } from "./name.ts";

/** Its file. */
const STORED: StoredModel = { name: LANGUAGE_MODEL, graph: llama() };

/** The language model of the server, where it was asked for. */
export class LanguageService {
  /** What it did since the server began. */
  readonly statistics: LanguageStatistics = new LanguageStatistics();
  readonly #store: ModelStore;
  /** How it is run. */
  readonly settings: LanguageSettings;
  #model: LanguageModel | null = null;

  /** Nothing is loaded at first. @param store The file. @param settings How it is run. */
  constructor(store: ModelStore, settings: LanguageSettings) {
    this.#store = store;
    this.settings = settings;
  }

  /** The model, or `null` where it was not loaded. */
  get model(): LanguageModel | null {
    return this.#model;
  }

  /** Loads it, making its file first if it is not there; one that is damaged is made anew. */
  async load(): Promise<void> {
    await this.#store.ensure(STORED);
    const path = this.#store.path(STORED);
    try {
      this.#model = await LanguageModel.load(path, this.settings);
    } catch {
      await this.#store.replace(STORED);
      this.#model = await LanguageModel.load(path, this.settings);
    }
  }

  /** Unloads it. */
  async close(): Promise<void> {
    const model = this.#model;
    this.#model = null;
    await model?.release();
  }
}
