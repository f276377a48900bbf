/** Bounds of the buckets, seconds: those of vLLM. */
const BOUNDS: readonly number[] = [
  ...[0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160],
];

/** Times in buckets. */
class Seconds {
  readonly #counts = new Float64Array(BOUNDS.length + 1);
  #sum = 0;

  add(seconds: number): void {
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
    this.#counts[bucket < 0 ? BOUNDS.length : bucket]!++;
    this.#sum += seconds;
  }

  lines(name: string, labels: string): string[] {
    let count = 0;
    const buckets = Array.from(this.#counts, (own, i) => {
      count += own;
      return `${name}_bucket{${labels},le="${BOUNDS[i] ?? "+Inf"}"} ${count}`;
    });
    return [...buckets, `${name}_sum{${labels}} ${this.#sum}`, `${name}_count{${labels}} ${count}`];
  }
}

/** What a language model did, by the names that vLLM has for it. */
export class LanguageStatistics {
  /** From the request to its first token. */
  readonly firstToken: Seconds = new Seconds();
  /** From the request to the work on its prompt. */
  readonly queue: Seconds = new Seconds();
  /** Work on the prompt. */
  readonly prefill: Seconds = new Seconds();
  /** Work on the prompt, and on the answer behind it. */
  readonly inference: Seconds = new Seconds();
  /** Tokens of prompts that were read. */
  promptTokens: number = 0;
  /** Tokens that were written. */
  writtenTokens: number = 0;

  /**
   * The counters in the text format of Prometheus.
   *
   * @param model Its name.
   * @param now What it does now.
   */
  lines(model: string, now: { readonly running: number; readonly waiting: number }): string[] {
    const labels = `model_name="${model}"`;
    const one = (
      name: string,
      type: string,
      value: number,
    ) => [`# TYPE ${name} ${type}`, `${name}{${labels}} ${value}`];
    const times = (name: string, seconds: Seconds) => [`# TYPE ${name} histogram`, ...seconds.lines(name, labels)];
    return [
      ...one("vllm:num_requests_running", "gauge", now.running),
      ...one("vllm:num_requests_waiting", "gauge", now.waiting),
      ...one("vllm:prompt_tokens_total", "counter", this.promptTokens),
      ...one("vllm:generation_tokens_total", "counter", this.writtenTokens),
      ...times("vllm:time_to_first_token_seconds", this.firstToken),
      ...times("vllm:request_queue_time_seconds", this.queue),
      ...times("vllm:request_prefill_time_seconds", this.prefill),
      ...times("vllm:request_inference_time_seconds", this.inference),
    ];
  }
}
