import type { DecoderCommand, DecoderNews, LanguageSettings, Order, Written } from "./decoder_worker.ts";

/** What an order is told. */
export interface OrderObserver {
  /** The prompt was read, after so long in the queue and so long at work, ms; so many of its tokens were known before. */
  onBegan(queueMs: number, prefillMs: number, cachedTokens: number): void;
  /** A token was written. */
  onWritten(written: Written): void;
  /** It cannot be carried out. */
  onError(message: string): void;
}

interface Pending {
  readonly observer: OrderObserver;
  readonly orderedAt: number;
  began: boolean;
}

/** Sequences that are decoded together, as many as vLLM's `--max-num-seqs` would say. */
export const SLOTS = 8;

/** A language model in its own thread: what comes waits for a slot, and is decoded together with what is there. */
export class LanguageModel {
  readonly #worker = new Worker(new URL("./decoder_worker.ts", import.meta.url), { type: "module" });
  readonly #pending = new Map<number, Pending>();
  #settle: PromiseWithResolvers<void> | null = null;
  #orders = 0;

  private constructor() {
    this.#worker.onmessage = (event: MessageEvent<DecoderNews>) => this.#take(event.data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#take({ kind: "error", message: event.message });
    };
  }

  /**
   * Starts a thread, and there reads the file.
   *
   * @param path The ONNX file.
   * @param settings How it is run.
   * @throws {Error} If the runtime cannot load it.
   */
  static async load(path: string, settings: LanguageSettings): Promise<LanguageModel> {
    const model = new LanguageModel();
    try {
      await model.#command({ kind: "load", path, ...settings, slots: SLOTS });
    } catch (error) {
      model.#worker.terminate();
      throw error;
    }
    return model;
  }

  /** Orders whose prompt was read and that are not finished. */
  get running(): number {
    return this.#pending.values().reduce((count, { began }) => count + Number(began), 0);
  }

  /** Orders that wait for a slot. */
  get waiting(): number {
    return this.#pending.size - this.running;
  }

  /**
   * Orders an answer.
   *
   * @param order What is to be written.
   * @param observer Is told how it goes.
   * @returns Ends it.
   */
  order(order: Omit<Order, "id">, observer: OrderObserver): () => void {
    const id = this.#orders++;
    this.#pending.set(id, { observer, orderedAt: performance.now(), began: false });
    this.#post({ kind: "order", order: { ...order, id } });
    return () => {
      if (this.#pending.delete(id)) this.#post({ kind: "cancel", id });
    };
  }

  /** Frees the model's memory, then ends the thread. */
  async release(): Promise<void> {
    try {
      await this.#command({ kind: "release" });
    } finally {
      this.#worker.terminate();
    }
  }

  #take(news: DecoderNews): void {
    switch (news.kind) {
      case "done":
        this.#settle?.resolve();
        return;
      case "error":
        this.#settle?.reject(new Error(news.message));
        for (const { observer } of this.#pending.values()) observer.onError(news.message);
        this.#pending.clear();
        return;
      case "began": {
        const pending = this.#pending.get(news.id);
        if (pending === undefined) return;
        pending.began = true;
        pending.observer.onBegan(
          performance.now() - pending.orderedAt - news.prefillMs,
          news.prefillMs,
          news.cachedTokens,
        );
        return this.#written(news.written);
      }
      case "step":
        for (const written of news.written) this.#written(written);
    }
  }

  #written(written: Written): void {
    const pending = this.#pending.get(written.id);
    if (written.isLast) this.#pending.delete(written.id);
    pending?.observer.onWritten(written);
  }

  #post(command: DecoderCommand): void {
    this.#worker.postMessage(command);
  }

  async #command(command: DecoderCommand): Promise<void> {
    this.#settle = Promise.withResolvers();
    this.#post(command);
    await this.#settle.promise;
  }
}
