import { InferenceSession, Tensor } from "npm:onnxruntime-node@1.30.0";
import { seededRandom } from "../../core/random.ts";
import { KeptRows, type Rows } from "./kept_rows.ts";
import { joinedRows, PrefixCache } from "./prefix_cache.ts";
import { CACHE_NAMES, LLAMA } from "./llama.ts";

/** What hides a score: softmax makes it nothing. */
const HIDDEN = -1e9;

/** Picks tokens. */
export interface Sampling {
  /** 0 takes the likeliest. */
  readonly temperature: number;
  /** Of the random numbers. */
  readonly seed: number;
}

/** Decodes several sequences together, one token of each at a time. */
export class Decoder {
  readonly #session: InferenceSession;
  readonly #kept = new KeptRows();
  readonly #prefixes: PrefixCache | null;
  readonly #last: number[] = [];
  readonly #pick: ((logits: Float32Array) => number)[] = [];

  private constructor(session: InferenceSession, prefixCache: boolean) {
    this.#session = session;
    this.#prefixes = prefixCache ? new PrefixCache() : null;
  }

  /** Tokens of the prompt read last that were known from prompts before it. */
  cachedTokens = 0;

  /**
   * Reads the model's file.
   *
   * @param path The file.
   * @param threads Threads that one operator may use.
   * @param prefixCache Whether what is computed of a prompt is kept for others that begin alike. @default {false}
   */
  static async load(path: string, threads: number, prefixCache = false): Promise<Decoder> {
    return new Decoder(
      await InferenceSession.create(path, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: "sequential",
        logSeverityLevel: 3,
      }),
      prefixCache,
    );
  }

  /**
   * Reads a prompt and puts its sequence behind the others.
   *
   * @param prompt Its tokens, at least one.
   * @param sampling How its tokens are picked.
   * @returns The first token of the answer.
   */
  async prefill(prompt: readonly number[], sampling: Sampling): Promise<number> {
    const known = this.#prefixes?.find(prompt) ?? { tokens: 0, rows: [] };
    const kept = this.cachedTokens = known.tokens, total = prompt.length, tokens = total - kept;
    const mask = new Float32Array(tokens * total);
    for (let to = 0; to < tokens; to++) mask.fill(HIDDEN, to * total + kept + to + 1, (to + 1) * total);
    const { logits, added } = await this.#run({
      ids: BigInt64Array.from(prompt.slice(kept), BigInt),
      positions: Float32Array.from({ length: tokens }, (_, i) => kept + i),
      mask,
      tokens,
      batch: 1,
      kept,
      past: (tensor) => known.rows[tensor] as Float32Array<ArrayBuffer> | undefined ?? new Float32Array(),
    });
    const rows = joinedRows(known, added);
    this.#prefixes?.keep(prompt, rows);
    this.#kept.add(rows, total);
    const pick = pickerOf(sampling), first = pick(logits);
    this.#last.push(first);
    this.#pick.push(pick);
    return first;
  }

  /** One more token of each sequence, in their order. */
  async step(): Promise<readonly number[]> {
    const kept = this.#kept, { length, sequences: batch } = kept, total = length + 1;
    const mask = new Float32Array(batch * total);
    for (let sequence = 0; sequence < batch; sequence++) {
      mask.fill(HIDDEN, sequence * total, sequence * total + length - kept.lengthOf(sequence));
    }
    const { logits, added } = await this.#run({
      ids: BigInt64Array.from(this.#last, BigInt),
      positions: Float32Array.from(this.#last, (_, sequence) => kept.lengthOf(sequence)),
      mask,
      tokens: 1,
      batch,
      kept: length,
      past: (tensor) => kept.past(tensor),
    });
    kept.append(added);
    for (let sequence = 0; sequence < batch; sequence++) {
      const own = logits.subarray(sequence * LLAMA.vocabulary, (sequence + 1) * LLAMA.vocabulary);
      this.#last[sequence] = this.#pick[sequence]!(own);
    }
    return [...this.#last];
  }

  /** Takes sequences away; the others stay in their order. */
  remove(gone: ReadonlySet<number>): void {
    this.#kept.remove(gone);
    for (const sequence of [...gone].sort((a, b) => b - a)) {
      this.#last.splice(sequence, 1);
      this.#pick.splice(sequence, 1);
    }
  }

  /** Frees the session's memory. */
  release(): Promise<void> {
    return this.#session.release();
  }

  async #run({ ids, positions, mask, tokens, batch, kept, past }: {
    readonly ids: BigInt64Array;
    readonly positions: Float32Array;
    readonly mask: Float32Array;
    readonly tokens: number;
    readonly batch: number;
    readonly kept: number;
    readonly past: (tensor: number) => Float32Array;
  }): Promise<{ readonly logits: Float32Array; readonly added: Rows }> {
    const { keyHeads, headWidth } = LLAMA;
    const outputs = await this.#session.run({
      input_ids: new Tensor("int64", ids, [tokens, batch]),
      positions: new Tensor("float32", positions, [tokens, batch]),
      mask: new Tensor("float32", mask, [batch, 1, 1, tokens, kept + tokens]),
      ...Object.fromEntries(CACHE_NAMES.map(({ past: name }, i) => [
        name,
        new Tensor("float32", past(i), [kept, batch, keyHeads, headWidth]),
      ])),
    });
    return {
      logits: outputs["logits"]!.data as Float32Array,
      added: CACHE_NAMES.map(({ added }) => outputs[added]!.data as Float32Array),
    };
  }
}

function pickerOf({ temperature, seed }: Sampling): (logits: Float32Array) => number {
  const random = seededRandom(seed);
  return (logits) => {
    let best = 0;
    for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
    if (temperature === 0) return best;
    let sum = 0;
    const weights = logits.map((logit) => Math.exp((logit - logits[best]!) / temperature));
    for (const weight of weights) sum += weight;
    let left = random() * sum;
    for (let i = 0; i < weights.length; i++) if ((left -= weights[i]!) <= 0) return i;
    return best;
  };
}
