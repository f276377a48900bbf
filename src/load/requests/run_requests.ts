import type { InputSpec, ItemForm, ModelInput } from "../../core/model_input.ts";
import { encodeOptionsOf } from "../../core/request/encode_options.ts";
import type { EncodeOptions, Protocol } from "../../core/protocol.ts";
import { keepEncoded } from "../../items/encoded_item.ts";
import { generateInputs } from "../../items/generate_inputs.ts";
import { bytesOfItem } from "../../items/item_bytes.ts";
import type { MadeItems } from "../../items/make_items.ts";
import { DRAWN_PROMPTS } from "../../items/prompts/make_prompts.ts";
import { prepareItems, type PrepareOptions } from "../../items/prepare_items.ts";
import { BodyMemory } from "./body_region.ts";
import { createRequestPool, LEAST_SETS, type RequestPool } from "./request_pool.ts";
import { SequenceIds } from "../sequences.ts";

/** Most memory of a run's items and their bytes, and of bodies that stand in one piece in what is left of it. */
export const MOST_BYTES = 512 * 2 ** 20;
/** A batch that is thought of before it is asked for. */
const LARGE_BATCH = 64;

/** What the requests of a run are made of. */
export interface RunRequestsOptions extends EncodeOptions {
  /** Encodes them. */
  readonly protocol: Pick<Protocol, "encode" | "itemForm">;
  /** Model to ask. */
  readonly model: string;
  /** What its items look like. */
  readonly spec: InputSpec;
  /** Seed of the items. */
  readonly seed: number;
  /** Whether the same requests are sent again and again, instead of each with a number of its own. @default {false} */
  readonly repeat?: boolean;
  /** Most memory of items and their bytes, and of bodies in one piece. @default {MOST_BYTES} */
  readonly mostBytes?: number;
  /**
   * What is written into the first item to tell it from all others: of another run, or another client, it is another one, since
   * a server keeps answers from one run to the next. @default {0}
   */
  readonly origin?: number;
  /** Which share of the run's requests these are, from 0, and of how many: shares hold no request in common. @default {all} */
  readonly share?: { readonly part: number; readonly parts: number };
}

/**
 * The requests of one run: all its tests and windows share the items, and number what they send together, so that no two
 * items of any of the requests are the same: a server may keep answers to whole requests, or to items.
 */
export class RunRequests {
  readonly #options: RunRequestsOptions;
  readonly #form: ItemForm | null;
  readonly #most: number;
  readonly #bytesOfItem: number;
  #items: ModelInput[] = [];
  readonly #pools = new Map<number, RequestPool>();
  readonly #prompts = new Map<number, RequestPool>();
  readonly #sequenceIds: SequenceIds | null;
  readonly #bodyBytes: number;
  readonly #memory: BodyMemory;
  /** The same for all of its loads, small batches and large ones; `null` before the first is known. */
  #inOnePiece: boolean | null = null;
  #preparing: Promise<void> | null = null;
  #number = 0;
  #elsewhere = 0;

  /** @param options What they are made of. Nothing is made yet. */
  constructor(options: RunRequestsOptions) {
    const { protocol, model, spec, mostBytes = MOST_BYTES } = options;
    this.#options = options;
    this.#form = protocol.itemForm?.(model) ?? null;
    this.#sequenceIds = options.sequence === undefined ? null : new SequenceIds(options.sequence);
    // As in each of the threads, of which one commands: all loads of a run are sent in one form.
    this.#bodyBytes = Math.min(mostBytes, MOST_BYTES / Math.max(1, (options.share?.parts ?? 1) - 1));
    this.#memory = new BodyMemory(this.#bodyBytes);
    this.#bytesOfItem = bytesOfItem(spec, this.#form);
    this.#most = Math.max(1, Math.floor(mostBytes / this.#bytesOfItem));
  }

  /** What the first item has written into it. */
  get origin(): number {
    return this.#options.origin ?? 0;
  }

  /** Items of the requests taken so far. */
  get taken(): number {
    return this.#number;
  }

  /**
   * Counts items that other shares of the same run sent.
   *
   * @param items How many.
   */
  tookElsewhere(items: number): void {
    this.#elsewhere += items;
  }

  /**
   * Makes the items that requests of some batch sizes need, and encodes the requests.
   *
   * @param batchSizes Items per request.
   * @param options Signal and progress.
   * @returns A promise where it takes long; the requests are there when it resolves.
   * @throws {UsageError} If the model's inputs cannot be made, or `spec` has no samples.
   * @throws The signal's reason, if it was aborted.
   */
  prepare(batchSizes: readonly number[], options?: PrepareOptions): Promise<void> | void {
    const missing = batchSizes.filter((size) => !this.#pools.has(size));
    if (missing.length === 0) return;
    // One after another, since each makes what is still missing.
    if (this.#preparing !== null) return this.#preparing.catch(() => {}).then(() => this.prepare(batchSizes, options));
    const { spec, seed, repeat = false } = this.#options;
    const known = this.#items.length, to = Math.max(known, ...missing.map((size) => this.#itemsFor(size)));
    // Raw tensors are made anew with the others, so that the items of a request stand in one memory.
    const from = to > known && this.#form?.kind === "tensors" && this.#form.raw ? 0 : known;
    const made = prepareItems({ spec, from, to, seed, varies: !repeat }, this.#form, options);
    if (!(made instanceof Promise)) return this.#keep(made, from, missing);
    this.#preparing = made.then((items) => this.#keep(items, from, missing)).finally(() => this.#preparing = null);
    return this.#preparing;
  }

  /**
   * The requests of one batch size, the same pool each time.
   *
   * @param batchSize Items per request; must be prepared.
   */
  pool(batchSize: number): RequestPool {
    const pool = this.#pools.get(batchSize);
    if (pool === undefined) throw new RangeError(`Cannot take requests of ${batchSize} items as they must be prepared`);
    return pool;
  }

  /**
   * Requests of one prompt each that is made for it, whatever the items of the run are: the same pool each time. Prompts differ
   * from their first word on.
   *
   * @param words Of each prompt.
   * @throws {UsageError} If they cannot be encoded.
   */
  prompts(words: number): RequestPool {
    const known = this.#prompts.get(words);
    if (known !== undefined) return known;
    const { seed, repeat = false, spec: given } = this.#options;
    // Of words that are one token each, where a tokenizer told such words.
    const vocabulary = given.kind === "prompts" || given.kind === "samples" ? given.vocabulary : undefined;
    const spec: InputSpec = vocabulary === undefined
      ? { kind: "text", words, variesAtFront: true }
      : { kind: "prompts", tokens: words, vocabulary };
    const items = generateInputs({ spec, from: 0, to: LEAST_SETS, seed, varies: !repeat });
    const pool = this.#poolOver(items, 1, false);
    this.#prompts.set(words, pool);
    return pool;
  }

  /** Why requests are less different than they should be, for people; `null` where they are not. */
  get limits(): string | null {
    const { repeat = false } = this.#options;
    if (repeat) return "the same requests were sent again and again, as was asked for";
    const largest = Math.max(0, ...this.#pools.keys());
    if (this.#itemsWanted(largest) > this.#most) {
      return `items are held to ${MOST_BYTES / 2 ** 20} MiB: requests of ${largest} items share ${this.#items.length}`;
    }
    return [this.#unsent(), this.#alike()].filter((limit) => limit !== null).join(", and ") || null;
  }

  get #sent(): number {
    return this.#number + this.#elsewhere;
  }

  /** Of very many given items the last ones, once the others were sent. */
  #unsent(): string | null {
    const { spec } = this.#options;
    const inTurn = Math.min(...[...this.#pools.values()].map(({ size, batchSize }) => size * batchSize));
    if (spec.kind !== "samples" || this.#sent <= inTurn || inTurn >= spec.samples.length) return null;
    return `of the ${spec.samples.length} items given the first ${inTurn} are sent in turn`;
  }

  #alike(): string | null {
    const { spec } = this.#options;
    const fewest = Math.min(...[...this.#pools.values()].map(({ different }) => different));
    if (this.#sent <= fewest) return null;
    const unvaried = Math.max(...[...this.#pools.values()].map((pool) => pool.unvaried));
    if (spec.kind !== "samples" || unvaried === 0) {
      return `the inputs are so small that only ${fewest} different ones are made`;
    }
    return unvaried < fewest
      ? `${unvaried} of ${fewest} items can only be sent as they were given: a server may keep the answers to them`
      : `the items can only be sent as they were given: ${fewest} in turn, of which a server may keep the answers`;
  }

  #itemsWanted(batchSize: number): number {
    const { spec } = this.#options;
    if (spec.kind === "samples") return spec.samples.length;
    return spec.kind === "prompts" ? DRAWN_PROMPTS : LEAST_SETS - 1 + batchSize;
  }

  #itemsFor(batchSize: number): number {
    return Math.min(this.#most, this.#itemsWanted(batchSize));
  }

  #keep({ items, encoded }: MadeItems, from: number, batchSizes: readonly number[]): void {
    const known = this.#items.length;
    this.#memory.spend((from + items.length - known) * this.#bytesOfItem);
    this.#items = this.#items.slice(0, from);
    for (const [i, item] of items.entries()) {
      const bytes = encoded[i] ?? null;
      if (this.#form !== null && bytes !== null) keepEncoded(this.#form, item, bytes);
      this.#items.push(item);
    }
    this.#inOnePiece ??= this.#maySendInOnePiece(Math.max(LARGE_BATCH, ...batchSizes));
    const sizes = [...from < known ? this.#pools.keys() : [], ...batchSizes];
    for (const batchSize of sizes) this.#pools.set(batchSize, this.#poolOf(batchSize));
  }

  /** Whether the items of such batches and two copies of them fit, so that made bodies may be one piece. */
  #maySendInOnePiece(batchSize: number): boolean {
    return 3 * (LEAST_SETS - 1 + batchSize) * this.#bytesOfItem <= this.#bodyBytes;
  }

  #poolOf(batchSize: number): RequestPool {
    const items = this.#items.slice(0, this.#itemsFor(batchSize));
    const { kind } = this.#options.spec;
    // Of prompts that are drawn each has a length of its own.
    return this.#poolOver(items, batchSize, kind === "samples" || kind === "prompts");
  }

  #poolOver(items: readonly ModelInput[], batchSize: number, given: boolean): RequestPool {
    const { protocol, model, share = { part: 0, parts: 1 } } = this.#options;
    return createRequestPool(protocol, model, items, {
      batchSize,
      given,
      // The first share is that of the thread that commands: the others send all items among them.
      begin: Math.max(0, share.part - 1) / Math.max(1, share.parts - 1),
      ...!given && this.#inOnePiece ? { memory: this.#memory } : {},
      numbering: {
        origin: this.origin,
        step: share.parts,
        elsewhere: () => this.#elsewhere,
        next: (items) => share.part + share.parts * ((this.#number += items) - items),
      },
      ...encodeOptionsOf(this.#options),
      ...this.#sequenceIds === null ? {} : { sequenceIds: this.#sequenceIds },
    });
  }
}
