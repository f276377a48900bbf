import { concatenate } from "../core/concatenate.ts";
import { type Marker, markerCapacity, shiftedMarker, writeMarker } from "../core/marker.ts";
import type { ModelInput } from "../core/model_input.ts";
import { type SequencePlaces, type SequenceStep, writeStep } from "../core/request/sequence.ts";
import type { EncodedRequest, EncodeOptions, Protocol } from "../core/protocol.ts";
import type { WireBody, WireRequest } from "../core/transport.ts";
import { bodyLength, wholeBody } from "../core/wire_body.ts";
import { SequenceIds } from "./sequences.ts";

/** Fewest different sets of items, so that no cache answers for the model (METHODS 4). */
export const LEAST_SETS = 32;
/** Most sets of given items, and most items in all of them: each costs a few hundred bytes. */
const MOST_SETS = 4096;
const MOST_SET_ITEMS = 2 ** 20;
/** A body of so few bytes is put together once, since every part may cost a write each time that it is sent. */
const SMALL_BODY = 64 * 1024;
/** Most bytes in front of a marker that each request has for itself. */
const MOST_JOINED = 4096;
/** Most bytes of the bodies of all sets that are put together. */
const MOST_SMALL = 16 * 2 ** 20;

/** Options of {@linkcode createRequestPool}. */
export interface RequestPoolOptions extends EncodeOptions {
  /** Items per request. */
  readonly batchSize: number;
  /** Whether the items were given: then they are sent in turn, each of them. @default {false} */
  readonly given?: boolean;
  /** Numbers the requests of a run, so that no two of them are the same. @default {from 0} */
  readonly nextNumber?: () => number;
  /** Names the sequences that the requests belong to. @default {made where the options have sequences} */
  readonly sequenceIds?: SequenceIds;
}

/** Requests that differ from one another, encoded before they are needed. */
export interface RequestPool {
  /** Items per request. */
  readonly batchSize: number;
  /** How many different sets of items there are. */
  readonly size: number;
  /** How many requests are sent before one is the same as another before it. */
  readonly different: number;
  /** Names the sequences of its requests; left out where each request stands for itself. */
  readonly sequenceIds?: SequenceIds;
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
  const { batchSize, given = false, nextNumber = counter(), sequenceIds = idsOf(options), ...encodeOptions } = options;
  const starts = startsOf(items.length, batchSize, given);
  const smallBytes = Math.min(SMALL_BODY, MOST_SMALL / starts.length);
  let headers: readonly string[] = [];
  const sets = starts.map((start) => {
    const batch = Array.from({ length: batchSize }, (_, i) => items[(start + i) % items.length]!);
    const encoded = protocol.encode(model, batch, encodeOptions);
    // A lane prepares headers once for each array.
    if (encoded.headers.join("\n") !== headers.join("\n")) headers = encoded.headers;
    return new RequestSet({ ...encoded, headers }, smallBytes);
  });
  const fewest = Math.min(...sets.map(({ capacity }) => capacity));
  let position = 0;
  return {
    batchSize,
    size: sets.length,
    // Sets of made items may differ in nothing but what is rewritten.
    different: given ? sets.length * fewest : Math.max(sets.length, fewest),
    ...sequenceIds === undefined ? {} : { sequenceIds },
    next(step = sequenceIds?.alone()) {
      const number = nextNumber();
      const set = sets[position++ % sets.length]!;
      // One more each time that the sets have been through: few numbers then stand with each of the sets.
      return set.take(number + Math.floor(number / sets.length), step);
    },
    release(request) {
      if (request instanceof PooledRequest) request.set.release(request);
    },
  };
}

/** Where each set begins: sets of made items one further each, so that their bytes stand behind one another. */
function startsOf(items: number, batchSize: number, given: boolean): number[] {
  if (!given) return Array.from({ length: LEAST_SETS }, (_, set) => set % items);
  const greatestCommonDivisor = (a: number, b: number): number => b === 0 ? a : greatestCommonDivisor(b, a % b);
  // After so many batches the first begins anew.
  const sets = items / greatestCommonDivisor(items, batchSize);
  const most = Math.max(LEAST_SETS, Math.min(MOST_SETS, Math.floor(MOST_SET_ITEMS / batchSize)));
  return Array.from({ length: Math.min(sets, most) }, (_, set) => set * batchSize % items);
}

function idsOf({ sequence }: EncodeOptions): SequenceIds | undefined {
  return sequence === undefined ? undefined : new SequenceIds(sequence);
}

function counter(): () => number {
  let number = 0;
  return () => number++;
}

/** The requests that hold the same items. */
class RequestSet {
  /** How many of them differ. */
  readonly capacity: number;
  readonly #encoded: EncodedRequest;
  readonly #isSmall: boolean;
  readonly #free: PooledRequest[] = [];

  constructor(encoded: EncodedRequest, smallBytes: number) {
    this.#encoded = encoded;
    this.#isSmall = bodyLength(encoded.body) <= smallBytes;
    this.capacity = markerCapacity(encoded.marker?.marker);
    this.#free.push(this.#make());
  }

  take(number: number, step: SequenceStep | undefined): PooledRequest {
    const request = this.#free.pop() ?? this.#make();
    request.mark(number, step);
    return request;
  }

  release(request: PooledRequest): void {
    this.#free.push(request);
  }

  #make(): PooledRequest {
    const own = this.#isSmall ? inOnePiece(this.#encoded) : ownMarker(this.#encoded);
    return new PooledRequest(this, this.#encoded, this.#encoded.sequence === undefined ? own : ownHead(own));
  }
}

/** A body of which some bytes are a request's own. */
interface OwnBody {
  readonly body: WireBody | null;
  /** What holds the marker, and where. */
  readonly own?: { readonly bytes: Uint8Array; readonly marker: Marker };
}

function inOnePiece({ body, marker }: EncodedRequest): OwnBody {
  if (body === null) return { body };
  const bytes = Uint8Array.from(wholeBody(body));
  if (marker === undefined) return { body: bytes };
  const before = body instanceof Uint8Array ? 0 : bodyLength(body.slice(0, marker.part));
  return { body: bytes, own: { bytes, marker: shiftedMarker(marker.marker, before)! } };
}

/** The same parts, but for a copy of the few bytes that hold the marker, together with what stands in front of them. */
function ownMarker({ body, marker: found }: EncodedRequest): OwnBody {
  if (body === null || found === undefined) return { body };
  const parts = body instanceof Uint8Array ? [body] : body;
  const { part, marker } = found;
  const shared = parts[part]!;
  const from = Math.min(...marker.places), to = Math.max(...marker.places) + marker.width;
  const before = [...parts.slice(0, part), shared.subarray(0, from)];
  const joined = bodyLength(before) <= MOST_JOINED ? before.splice(0) : [];
  const bytes = concatenate([...joined, shared.subarray(from, to)]);
  return {
    body: [...before, bytes, shared.subarray(to), ...parts.slice(part + 1)].filter(({ length }) => length > 0),
    own: { bytes, marker: shiftedMarker(marker, bodyLength(joined) - from)! },
  };
}

/** The same with a first part that is the request's own: it begins with the body, and says the step in a sequence. */
function ownHead({ body, own }: OwnBody): OwnBody {
  if (body === null || body instanceof Uint8Array || body[0] === own?.bytes) return { body, ...own && { own } };
  return { body: body.map((part, i) => i === 0 ? Uint8Array.from(part) : part), ...own && { own } };
}

class PooledRequest implements WireRequest {
  readonly method: WireRequest["method"];
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: WireBody | null;
  readonly set: RequestSet;
  readonly #own: OwnBody["own"];
  readonly #sequence: SequencePlaces | undefined;

  constructor(set: RequestSet, { method, path, headers, sequence }: EncodedRequest, { body, own }: OwnBody) {
    this.set = set;
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.body = body;
    this.#own = own;
    this.#sequence = sequence;
  }

  mark(number: number, step: SequenceStep | undefined): void {
    if (step !== undefined && this.#sequence !== undefined && this.body !== null) {
      writeStep(this.body instanceof Uint8Array ? this.body : this.body[0]!, this.#sequence, step);
    }
    if (this.#own !== undefined) writeMarker(this.#own.bytes, this.#own.marker, number);
  }
}
