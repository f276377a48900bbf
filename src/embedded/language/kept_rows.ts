import { CACHE_NAMES, LLAMA } from "./llama.ts";

/** Elements of a token in one tensor of keys or values. */
const ROW = LLAMA.keyHeads * LLAMA.headWidth;
/** Room that is made at once, tokens. */
const STEP = 256;

/** Keys and values of one sequence alone, [tokens, 2, 64] each. */
export type Rows = readonly Float32Array[];

/**
 * Keys and values of the sequences that are decoded together, [time, sequence, 2, 64] each. Sequences end at the same row:
 * what stands in front of a shorter one is hidden by the mask, and positions are relative, so that nothing is computed anew.
 */
export class KeptRows {
  /** Rows of the longest sequence. */
  length: number = 0;
  /** Tokens of each sequence. */
  readonly #lengths: number[] = [];
  #tensors: Float32Array<ArrayBuffer>[] = CACHE_NAMES.map(() => new Float32Array());
  #room = 0;

  /** How many sequences there are. */
  get sequences(): number {
    return this.#lengths.length;
  }

  /** Tokens of a sequence. */
  lengthOf(sequence: number): number {
    return this.#lengths[sequence]!;
  }

  /**
   * Puts a sequence behind the others.
   *
   * @param rows Its keys and values.
   * @param tokens How many tokens they are of.
   */
  add(rows: Rows, tokens: number): void {
    this.#pack([...this.#lengths.keys()], [{ rows, tokens }]);
  }

  /**
   * Takes sequences away; the others stay in their order.
   *
   * @param gone Which.
   */
  remove(gone: ReadonlySet<number>): void {
    this.#pack([...this.#lengths.keys()].filter((sequence) => !gone.has(sequence)), []);
  }

  /**
   * What the graph takes: the rows so far of each tensor, without a copy.
   *
   * @param tensor Which, in the order of {@linkcode CACHE_NAMES}.
   */
  past(tensor: number): Float32Array<ArrayBuffer> {
    return this.#tensors[tensor]!.subarray(0, this.length * this.sequences * ROW);
  }

  /**
   * Appends a token of each sequence.
   *
   * @param rows Its keys and values, [1, sequence, 2, 64] each.
   */
  append(rows: Rows): void {
    if (this.length === this.#room) this.#grow();
    const at = this.length * this.sequences * ROW;
    for (const [i, tensor] of this.#tensors.entries()) tensor.set(rows[i]!, at);
    this.length++;
    for (let sequence = 0; sequence < this.sequences; sequence++) this.#lengths[sequence]!++;
  }

  #grow(): void {
    this.#room += STEP;
    this.#tensors = this.#tensors.map((tensor) => {
      const wider = new Float32Array(this.#room * this.sequences * ROW);
      wider.set(tensor);
      return wider;
    });
  }

  #pack(stay: readonly number[], come: readonly { readonly rows: Rows; readonly tokens: number }[]): void {
    const lengths = [...stay.map((sequence) => this.#lengths[sequence]!), ...come.map(({ tokens }) => tokens)];
    const length = lengths.reduce((longest, own) => Math.max(longest, own), 0);
    const room = length + STEP, before = this.sequences, count = lengths.length;
    const tensors = this.#tensors.map((tensor, i) => {
      const packed = new Float32Array(room * count * ROW);
      for (const [place, own] of lengths.entries()) {
        const from = stay[place], rows = come[place - stay.length]?.rows[i];
        for (let token = 0; token < own; token++) {
          const row = rows === undefined
            ? tensor.subarray(((this.length - own + token) * before + from!) * ROW).subarray(0, ROW)
            : rows.subarray(token * ROW, (token + 1) * ROW);
          packed.set(row, ((length - own + token) * count + place) * ROW);
        }
      }
      return packed;
    });
    this.#tensors = tensors;
    this.#room = room;
    this.length = length;
    this.#lengths.splice(0, before, ...lengths);
  }
}
