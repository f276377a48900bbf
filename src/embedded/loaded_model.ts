import type { Feed, WorkerCommand, WorkerReply } from "./inference_worker.ts";

/** What one inference gave. */
export interface InferenceOutput {
  /** Elements of the output, row-major, batch first. */
  readonly data: Float32Array;
  /** Time in the runtime, ms. */
  readonly inferMs: number;
}

/** A model in its own thread: creating and running a session block the thread that they are called on. */
export class LoadedModel {
  readonly #worker = new Worker(new URL("./inference_worker.ts", import.meta.url), { type: "module" });
  #settle: { resolve(reply: WorkerReply): void; reject(error: Error): void } | null = null;

  private constructor() {
    this.#worker.onmessage = (event: MessageEvent<WorkerReply>) => {
      const settle = this.#settle;
      this.#settle = null;
      settle?.resolve(event.data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#settle?.reject(new Error(event.message));
      this.#settle = null;
    };
  }

  /**
   * Starts a thread, and there reads the file and creates the session. Nothing is warmed up.
   *
   * @param path The ONNX file.
   * @param threads Threads that one operator may use.
   * @throws {Error} If the runtime cannot load the file.
   */
  static async load(path: string, threads: number): Promise<LoadedModel> {
    const model = new LoadedModel();
    try {
      await model.#command({ kind: "load", path, threads });
    } catch (error) {
      model.#worker.terminate();
      throw error;
    }
    return model;
  }

  /**
   * Runs one batch; the caller waits for one before the next. The feeds' buffers are handed over.
   *
   * @throws {Error} If the runtime refuses.
   */
  async run(feeds: readonly Feed[]): Promise<InferenceOutput> {
    const reply = await this.#command({ kind: "run", feeds }, feeds.map((feed) => feed.data.buffer));
    if (reply.kind !== "output") throw new Error(`Cannot run the model: the worker answered "${reply.kind}"`);
    return reply;
  }

  /** Frees the session's memory, then ends the thread: ending it alone would leak the session. */
  async release(): Promise<void> {
    try {
      await this.#command({ kind: "release" });
    } finally {
      this.#worker.terminate();
    }
  }

  async #command(command: WorkerCommand, transfer: ArrayBuffer[] = []): Promise<WorkerReply> {
    const reply = await new Promise<WorkerReply>((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#worker.postMessage(command, transfer);
    });
    if (reply.kind === "error") throw new Error(reply.message);
    return reply;
  }
}
