/** A request on its way through a {@linkcode BatchQueue}. */
export interface Job {
  /** Items in the request. */
  readonly items: number;
  /** Higher goes first; equal ones in order of arrival. */
  readonly priority: number;
  /** Whether it may share an execution with others. */
  readonly mayShare: boolean;
  /** Ends its waiting: once aborted it is never executed. `null` waits for ever. */
  readonly signal: AbortSignal | null;
}

/** How a request got its turn. */
export interface Turn {
  /** Time it waited, ms. */
  readonly queueMs: number;
  /** Items of the execution that it was part of. */
  readonly batchSize: number;
}

interface Entry<J, R> {
  readonly job: J;
  readonly queuedAt: number;
  readonly resolve: (value: R) => void;
  readonly reject: (reason: unknown) => void;
}

/** Options of a {@linkcode BatchQueue}. */
export interface BatchQueueOptions<J extends Job, R> {
  /** Most items of an execution that several requests share. */
  readonly maxItems: number;
  /** Most requests that may wait. */
  readonly maxWaiting: number;
  /** Executes requests together; answers in their order. */
  readonly execute: (jobs: readonly { readonly job: J; readonly turn: Turn }[]) => Promise<readonly R[]>;
}

/** The queue is full. */
export class QueueFullError extends Error {
  /** Tells it from other errors. */
  override readonly name = "QueueFullError";
}

/**
 * Dynamic batching without a fixed wait: an idle model runs a request at once; while it runs, requests gather, and when
 * it is free it takes as many of them together as the limit allows. A request larger than the limit runs as it is.
 */
export class BatchQueue<J extends Job, R> {
  readonly #options: BatchQueueOptions<J, R>;
  readonly #waiting: Entry<J, R>[] = [];
  #execution: Promise<void> | null = null;

  /** Makes an empty queue. @param options How to batch and what to run. */
  constructor(options: BatchQueueOptions<J, R>) {
    this.#options = options;
  }

  /** Number of requests that wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Whether requests are executed now. */
  get executing(): boolean {
    return this.#execution !== null;
  }

  /**
   * Adds a request.
   *
   * @returns Its share of what the execution answered; rejects with the signal's reason if it is aborted in time.
   * @throws {QueueFullError} If too many wait already.
   */
  submit(job: J): Promise<R> {
    const { maxWaiting } = this.#options;
    if (job.signal?.aborted) return Promise.reject(job.signal.reason);
    if (this.#waiting.length >= maxWaiting) {
      return Promise.reject(new QueueFullError(`Cannot queue the request as at most ${maxWaiting} may wait`));
    }
    return new Promise((resolve, reject) => {
      const entry: Entry<J, R> = { job, queuedAt: performance.now(), resolve, reject };
      const after = this.#waiting.findIndex((other) => other.job.priority < job.priority);
      this.#waiting.splice(after < 0 ? this.#waiting.length : after, 0, entry);
      job.signal?.addEventListener("abort", () => this.#abandon(entry), { once: true });
      this.#next();
    });
  }

  /** Rejects all that wait with `reason`; resolves when the execution under way has ended. */
  async drain(reason: unknown): Promise<void> {
    for (const entry of this.#waiting.splice(0)) entry.reject(reason);
    await this.#execution;
  }

  #abandon(entry: Entry<J, R>): void {
    const index = this.#waiting.indexOf(entry);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    entry.reject(entry.job.signal?.reason);
  }

  #next(): void {
    if (this.#execution !== null || this.#waiting.length === 0) return;
    this.#execution = this.#execute(this.#take()).finally(() => {
      this.#execution = null;
      this.#next();
    });
  }

  /** The first in line, and with it what may share its execution, in order, up to the limit. */
  #take(): Entry<J, R>[] {
    const first = this.#waiting.shift()!;
    const batch = [first];
    if (!first.job.mayShare) return batch;
    let items = first.job.items;
    for (let i = 0; i < this.#waiting.length;) {
      const { job } = this.#waiting[i]!;
      if (!job.mayShare || items + job.items > this.#options.maxItems) {
        i++;
        continue;
      }
      items += job.items;
      batch.push(...this.#waiting.splice(i, 1));
    }
    return batch;
  }

  async #execute(batch: readonly Entry<J, R>[]): Promise<void> {
    const startedAt = performance.now();
    const batchSize = batch.reduce((sum, { job }) => sum + job.items, 0);
    try {
      const results = await this.#options.execute(
        batch.map(({ job, queuedAt }) => ({ job, turn: { queueMs: startedAt - queuedAt, batchSize } })),
      );
      batch.forEach((entry, index) => entry.resolve(results[index]!));
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    }
  }
}
