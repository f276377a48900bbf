/** Durations of one kind: how many, and their sum. */
export class DurationCounter {
  /** Number of durations. */
  count = 0;
  /** Their sum, ms. */
  totalMs = 0;

  /** Counts one. @param ms Its length, ms. */
  add(ms: number): void {
    this.count++;
    this.totalMs += ms;
  }
}

/** A histogram with fixed bounds, cumulative as Prometheus wants it. */
export class Histogram {
  /** Upper bounds, ascending; the last bucket has none. */
  readonly bounds: readonly number[];
  /** Observations in each bucket, one more than bounds. */
  readonly counts: number[];
  /** Sum of the observations. */
  sum = 0;

  /** Makes an empty one. @param bounds Upper bounds, ascending. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array(bounds.length + 1).fill(0);
  }

  /** Counts one observation. */
  observe(value: number): void {
    const bucket = this.bounds.findIndex((bound) => value <= bound);
    const index = bucket < 0 ? this.bounds.length : bucket;
    this.counts[index] = this.counts[index]! + 1;
    this.sum += value;
  }
}

/** Parts of one execution, ms. */
export interface ExecutionTimes {
  /** Joining the requests' items. */
  readonly inputMs: number;
  /** Inference, as the model's thread measured it. */
  readonly inferMs: number;
  /** Splitting the output. */
  readonly outputMs: number;
}

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const ITEMS = [1, 2, 4, 8, 16, 32, 64, 128];

/** Cumulative counters of one model since the server began; loading and unloading do not reset them. */
export class ModelStatistics {
  /** Requests answered, from arrival in the queue to the answer. */
  readonly success = new DurationCounter();
  /** Requests that failed in the server. */
  readonly failure = new DurationCounter();
  /** Requests whose own deadline passed while they waited. */
  readonly cancelled = new DurationCounter();
  /** Waiting of each request. */
  readonly queue = new DurationCounter();
  /** Joining of items, once for each request of an execution, as Triton counts. */
  readonly computeInput = new DurationCounter();
  /** Inference, once for each request of an execution. */
  readonly computeInfer = new DurationCounter();
  /** Splitting of the output, once for each request of an execution. */
  readonly computeOutput = new DurationCounter();
  /** Items predicted. */
  items = 0;
  /** Executions of the model. */
  executions = 0;
  /** Parts of the executions by the size of their batch. */
  readonly byBatchSize: Map<
    number,
    { readonly input: DurationCounter; readonly infer: DurationCounter; readonly output: DurationCounter }
  > = new Map();
  /** Waiting of requests, seconds. */
  readonly queueSeconds: Histogram = new Histogram(SECONDS);
  /** Inference of executions, seconds. */
  readonly computeSeconds: Histogram = new Histogram(SECONDS);
  /** Items of executions. */
  readonly batchSizes: Histogram = new Histogram(ITEMS);
  /** When the last execution ended, ms since 1970; 0 before the first. */
  lastInferenceAt = 0;

  /**
   * Counts one execution.
   *
   * @param batchSize Items in it.
   * @param times Its parts.
   * @param queueMs Waiting of each request in it, ms.
   */
  addExecution(batchSize: number, times: ExecutionTimes, queueMs: readonly number[]): void {
    this.executions++;
    this.items += batchSize;
    this.lastInferenceAt = Date.now();
    this.batchSizes.observe(batchSize);
    this.computeSeconds.observe(times.inferMs / 1000);
    for (const waited of queueMs) {
      this.queue.add(waited);
      this.queueSeconds.observe(waited / 1000);
      this.computeInput.add(times.inputMs);
      this.computeInfer.add(times.inferMs);
      this.computeOutput.add(times.outputMs);
    }
    const batch = this.byBatchSize.get(batchSize) ??
      { input: new DurationCounter(), infer: new DurationCounter(), output: new DurationCounter() };
    batch.input.add(times.inputMs);
    batch.infer.add(times.inferMs);
    batch.output.add(times.outputMs);
    this.byBatchSize.set(batchSize, batch);
  }
}
