import type { ModelInput } from "../../core/model_input.ts";
import { type SequenceStep, writeStep } from "../../core/request/sequence.ts";
import type { EncodedRequest, EncodeOptions, Protocol } from "../../core/protocol.ts";
import type { RequestTokens } from "../../core/request/request_tokens.ts";
import type { WireBody, WireRequest } from "../../core/transport.ts";
import { bodyLength } from "../../core/wire_body.ts";
import { BodyMemory, type BodyRegion, regionsOf, type SharedSpan, sharedSpan } from "./body_region.ts";
import { HEAD_ROOM, type OwnBody, OwnBytes } from "./own_bytes.ts";
import { SequenceIds } from "../sequences.ts";

/** Fewest different sets of items, so that no cache answers for the model (method 4). */
export const LEAST_SETS = 32;
/** Most sets of given items, and most items in all of them: each costs a few hundred bytes. */
export const MOST_GIVEN_SETS = 4096;
const MOST_SET_ITEMS = 2 ** 18;
/** A body of so few bytes is put together once, since every part may cost a write each time that it is sent. */
const SMALL_BODY = 64 * 1024;
/** Most bytes of the bodies of all sets that are put together. */
const MOST_SMALL = 16 * 2 ** 20;

/** Options of {@linkcode createRequestPool}. */
export interface RequestPoolOptions extends EncodeOptions {
  /** Items per request. */
  readonly batchSize: number;
  /** Whether the items were given: then they are sent in turn, each of them. @default {false} */
  readonly given?: boolean;
  /** Numbers the items of a run, so that no two of them are the same. @default {from 0} */
  readonly numbering?: ItemNumbering;
  /** Where in all sets it begins, from 0 to under 1: where others send the same ones, each begins elsewhere. @default {0} */
  readonly begin?: number;
  /** Where larger bodies stand in one piece; not of given items, which are sent in turn. @default {nowhere} */
  readonly memory?: BodyMemory;
  /** Names the sequences that the requests belong to. @default {made where the options have sequences} */
  readonly sequenceIds?: SequenceIds;
}

/** Numbers that the items of a run have. */
export interface ItemNumbering {
  /** What is written into the first item: the others follow. @default {0} */
  readonly origin?: number;
  /** How much higher the next item's number is. */
  readonly step: number;
  /** How many items of the run others have sent so far. @default {() => 0} */
  readonly elsewhere?: () => number;
  /**
   * Numbers the items of one request.
   *
   * @param items How many.
   * @returns The first one's number.
   */
  next(items: number): number;
}

/** Requests that differ from one another, encoded before they are needed. */
export interface RequestPool {
  /** Items per request. */
  readonly batchSize: number;
  /** How many different sets of items there are. */
  readonly size: number;
  /** How many items are sent at least before one is the same as another before it. */
  readonly different: number;
  /** How many of the items are always sent as they are. */
  readonly unvaried: number;
  /** Names the sequences of its requests; left out where each request stands for itself. */
  readonly sequenceIds?: SequenceIds;
  /** Whether so many items were sent that some were the same as others. */
  readonly repeats: boolean;
  /**
   * The next request, in turn. Nobody else has it until it is released; nothing is encoded or copied for it but a few bytes
   * that make it differ.
   *
   * @param step Its place in a sequence, where requests have one. @default {a sequence of its own}
   */
  next(step?: SequenceStep): WireRequest;
  /**
   * Gives a request back when its attempt has ended: it may then be sent again, with another number.
   *
   * @param request From `next()`.
   */
  release(request: WireRequest): void;
  /**
   * Whether {@linkcode RequestPool.like} can give another request.
   *
   * @param request From `next()`.
   */
  differs(request: WireRequest): boolean;
  /**
   * A request with the same items but for what makes them differ, to be given back like the others. The one that it is like may
   * be sent again and again until it is released itself.
   *
   * @param request From `next()`.
   */
  like(request: WireRequest): WireRequest;
}

/**
 * Makes a pool of requests of `batchSize` items each, at least 32 different sets of them where there are enough items. All
 * requests share the items' bytes.
 *
 * @param protocol Encodes the requests.
 * @param model Model to ask.
 * @param items Items, at least one; each set begins with another of them.
 * @param options Batch size and numbering.
 * @returns The pool; the same items give the same requests in the same order.
 * @throws {UsageError} If the items cannot be encoded.
 */
export function createRequestPool(
  protocol: Pick<Protocol, "encode">,
  model: string,
  items: readonly ModelInput[],
  options: RequestPoolOptions,
): RequestPool {
  const { batchSize, given = false, numbering = counter(), sequenceIds = idsOf(options), begin = 0, ...rest } = options;
  const { memory = new BodyMemory(0), ...encodeOptions } = rest;
  const starts = startsOf(items.length, batchSize, given);
  const smallBytes = Math.min(SMALL_BODY, MOST_SMALL / starts.length);
  let headers: readonly string[] = [];
  const encodeds = starts.map((start) => {
    const batch = Array.from({ length: batchSize }, (_, i) => items[(start + i) % items.length]!);
    const encoded = protocol.encode(model, batch, encodeOptions);
    // A lane prepares headers once for each array.
    if (encoded.headers.join("\n") !== headers.join("\n")) headers = encoded.headers;
    return { ...encoded, headers };
  });
  const spans = encodeds.map((encoded) => bodyLength(encoded.body) > smallBytes ? sharedSpan(encoded) : null);
  const regions = regionsOf(spans, memory);
  const sets = encodeds.map((encoded, i) => new RequestSet(encoded, smallBytes, i, spans[i]!));
  const capacities = new Map<number, number>();
  for (const [i, set] of sets.entries()) {
    for (let k = 0; k < batchSize; k++) capacities.set((starts[i]! + k) % items.length, set.capacities.get(k) ?? 1);
  }
  const unvaried = [...capacities.values()].filter((capacity) => capacity === 1).length;
  const fewest = [...capacities.values()].reduce((a, b) => Math.min(a, b), Infinity);
  const lap = batchSize * fewest / greatestCommonDivisor(batchSize, fewest);
  let position = Math.floor(sets.length * begin), number = 0;
  const { origin = 0 } = numbering;
  const take = (place: number, step = sequenceIds?.alone(), exactly = false) => {
    const taken = number = numbering.next(batchSize);
    // Items that must repeat stand in other requests than before.
    const first = origin + taken + Math.floor(taken / lap);
    const region = regions?.take(place, exactly) ?? null;
    return sets[region?.place ?? place]!.take(first, numbering.step, step, region);
  };
  const setOf = (request: WireRequest): RequestSet => {
    if (request instanceof PooledRequest) return request.set;
    throw new RangeError("Cannot find the items of a request as it must come from this pool: it does not");
  };
  const different = fewest === 1 ? capacities.size : fewest;
  return {
    batchSize,
    size: sets.length,
    // Those of which a part is rewritten may differ in nothing else.
    different,
    unvaried,
    ...sequenceIds === undefined ? {} : { sequenceIds },
    get repeats() {
      return number + (numbering.elsewhere?.() ?? 0) >= different;
    },
    next: (step) => take(position++ % sets.length, step),
    like: (request) => take(setOf(request).place, undefined, true),
    differs: (request) => setOf(request).capacities.size > 0,
    release(request) {
      if (!(request instanceof PooledRequest)) return;
      request.set.release(request);
      regions?.giveBack(request.region);
    },
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Where each set begins: sets of made items one further each, so that their bytes stand behind one another. */
function startsOf(items: number, batchSize: number, given: boolean): number[] {
  if (!given) return Array.from({ length: LEAST_SETS }, (_, set) => set % items);
  // After so many batches the first begins anew.
  const sets = items / greatestCommonDivisor(items, batchSize);
  const most = Math.max(LEAST_SETS, Math.min(MOST_GIVEN_SETS, Math.floor(MOST_SET_ITEMS / batchSize)));
  return Array.from({ length: Math.min(sets, most) }, (_, set) => set * batchSize % items);
}

function idsOf({ sequence }: EncodeOptions): SequenceIds | undefined {
  return sequence === undefined ? undefined : new SequenceIds(sequence);
}

function counter(): ItemNumbering {
  let number = 0;
  return { step: 1, next: (items) => (number += items) - items };
}

/** The requests that hold the same items. */
class RequestSet {
  /** How many requests differ by one item, by its index. */
  readonly capacities: OwnBytes["capacities"];
  /** Which of the pool's they are. */
  readonly place: number;
  readonly #head: Omit<WireRequest, "body">;
  readonly #bytes: OwnBytes;
  /** Where they say their steps in sequences. */
  readonly #places: EncodedRequest["sequence"];
  /** How they stand in a region; `null` where they stand in none. */
  readonly #span: SharedSpan | null;
  readonly #free: PooledRequest[] = [];

  constructor(encoded: EncodedRequest, smallBytes: number, place: number, span: SharedSpan | null) {
    const { method, path, headers, sequence, tokens } = encoded;
    this.place = place;
    this.#places = sequence;
    this.#head = { method, path, headers, ...tokens !== undefined && { tokens } };
    this.#bytes = new OwnBytes(encoded, smallBytes);
    this.#span = span;
    this.capacities = this.#bytes.capacities;
    this.#free.push(this.#make());
  }

  take(first: number, step: number, inSequence: SequenceStep | undefined, region: BodyRegion | null): PooledRequest {
    const request = region === null ? this.#marked(first, step) : this.#inRegion(region, first, step);
    if (inSequence !== undefined && this.#places !== undefined) writeStep(request.own, this.#places, inSequence);
    return request;
  }

  release(request: PooledRequest): void {
    if (request.region === null) this.#free.push(request);
  }

  #inRegion(region: BodyRegion, first: number, step: number): PooledRequest {
    const body = region.body(this.#span!, first, step);
    return new PooledRequest(this, this.#head, { body, own: body, headRoom: HEAD_ROOM }, region);
  }

  #marked(first: number, step: number): PooledRequest {
    const request = this.#free.pop() ?? this.#make();
    this.#bytes.mark(request.own, first, step, request.number);
    request.number = first;
    return request;
  }

  #make(): PooledRequest {
    return new PooledRequest(this, this.#head, this.#bytes.make(HEAD_ROOM));
  }
}

class PooledRequest implements WireRequest {
  readonly method: WireRequest["method"];
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: WireBody | null;
  readonly tokens?: RequestTokens;
  readonly headRoom: number;
  readonly set: RequestSet;
  /** Where it stands for as long as it is not released; `null` where in memory of its own. */
  readonly region: BodyRegion | null;
  readonly own: Uint8Array;
  /** That of its first item; NaN before it has one. */
  number = NaN;

  constructor(
    set: RequestSet,
    { method, path, headers, tokens }: Omit<WireRequest, "body">,
    { body, own, headRoom }: OwnBody,
    region: BodyRegion | null = null,
  ) {
    this.set = set;
    this.region = region;
    this.headRoom = headRoom;
    this.method = method;
    this.path = path;
    this.headers = headers;
    if (tokens !== undefined) this.tokens = tokens;
    this.body = body;
    this.own = own;
  }
}
