import { writeMarker } from "../../core/marker.ts";
import type { EncodedRequest } from "../../core/protocol.ts";
import { HEAD_ROOM, type ItemMarker, markersOf } from "./own_bytes.ts";

/** Bytes of a head and a front at most. */
const FRONT = 2 * HEAD_ROOM;

/** A request whose items stand behind one another in a memory that it shares with others. */
export interface SharedSpan {
  /** What stands in front of the items. */
  readonly front: Uint8Array;
  /** The items: a view of the shared memory. */
  readonly items: Uint8Array;
  /** Where it is rewritten, counted from the beginning of the body. */
  readonly markers: readonly ItemMarker[];
}

/** Memory that bodies may still be put together in. It is one for all pools of a run. */
export interface BodyMemory {
  /** How much of it is left, bytes. */
  bytesLeft: number;
}

/**
 * The span of a request, where its body is something short and then items that stand behind one another.
 *
 * @param encoded The request.
 * @returns `null` where the body is another.
 */
export function sharedSpan({ body, markers = [] }: EncodedRequest): SharedSpan | null {
  if (body === null || body instanceof Uint8Array || body.length !== 2) return null;
  const [front, items] = body as [Uint8Array, Uint8Array];
  if (front.length > HEAD_ROOM) return null;
  return { front, items, markers: markersOf([front, items], markers) };
}

/**
 * A copy of the memory that the items of several requests stand in, for one of these requests at a time: its head and what stands
 * in front of its items are written over the end of the item before, which is put back for the next one, so that the whole request is
 * one piece though none of its items was copied.
 */
export class BodyRegion {
  readonly #memory: Uint8Array<ArrayBuffer>;
  readonly #source: Uint8Array;
  /** Where the front of the request that stands there now ends. */
  #frontEnd = 0;

  /** @param source The memory of all items; it stays as it is. */
  constructor(source: Uint8Array) {
    this.#source = source;
    this.#memory = new Uint8Array(FRONT + source.length);
    this.#memory.set(source, FRONT);
  }

  /** How much memory a region takes, bytes. */
  static bytesOf(source: Uint8Array): number {
    return FRONT + source.length;
  }

  /**
   * Puts a request there.
   *
   * @param span The request.
   * @param first The first item's number.
   * @param step How much higher the next item's is.
   * @returns Its body, with {@linkcode HEAD_ROOM} in front of it.
   */
  body({ front, items, markers }: SharedSpan, first: number, step: number): Uint8Array<ArrayBuffer> {
    const restored = Math.max(FRONT, this.#frontEnd - FRONT);
    if (this.#frontEnd > restored) {
      this.#memory.set(this.#source.subarray(restored - FRONT, this.#frontEnd - FRONT), restored);
    }
    const at = this.#frontEnd = FRONT + items.byteOffset - this.#source.byteOffset, from = at - front.length;
    const body = this.#memory.subarray(from, at + items.length);
    body.set(front);
    for (const { marker, item } of markers) writeMarker(body, marker, first + step * item);
    return body;
  }
}

/**
 * The regions of requests that stand in one memory. Either all that are outstanding at a time have one or, from the first for which
 * none is left until all have ended, none gets one: a server may be quicker with requests in one piece, and no load shall be
 * measured with both.
 */
export class BodyRegions {
  readonly #source: Uint8Array;
  readonly #memory: BodyMemory;
  readonly #free: BodyRegion[] = [];
  /** Regions that there is memory for, and that are not made. */
  #reserved = 0;
  #outstanding = 0;
  #isOver: boolean;

  /**
   * Makes the first region, since that takes time, and keeps memory for a second: two requests can always be compared.
   *
   * @param source The memory of all items.
   * @param memory Where that is too little, there are no regions.
   */
  constructor(source: Uint8Array, memory: BodyMemory) {
    this.#source = source;
    this.#memory = memory;
    const bytes = 2 * BodyRegion.bytesOf(source);
    this.#isOver = bytes > memory.bytesLeft;
    if (this.#isOver) return;
    memory.bytesLeft -= bytes;
    this.#free.push(new BodyRegion(source));
    this.#reserved = 1;
  }

  /** For one more request: a region that nobody else has, or `null` where it is to do without. */
  take(): BodyRegion | null {
    this.#outstanding++;
    const region = this.#isOver ? null : this.#free.pop() ?? this.#more();
    this.#isOver = region === null;
    return region;
  }

  /** A request has ended. */
  giveBack(region: BodyRegion | null): void {
    if (region !== null) this.#free.push(region);
    if (--this.#outstanding === 0 && this.#free.length > 0) this.#isOver = false;
  }

  #more(): BodyRegion | null {
    const bytes = BodyRegion.bytesOf(this.#source);
    if (this.#reserved > 0) this.#reserved--;
    else if (bytes <= this.#memory.bytesLeft) this.#memory.bytesLeft -= bytes;
    else return null;
    return new BodyRegion(this.#source);
  }
}

/**
 * The memory that the items of all requests stand in.
 *
 * @param spans The requests.
 * @returns `null` where one has no span, or they stand in more than one memory.
 */
export function memoryOf(spans: readonly (SharedSpan | null)[]): Uint8Array | null {
  const buffer = spans[0]?.items.buffer;
  if (buffer === undefined) return null;
  let from = Infinity, to = 0;
  for (const span of spans) {
    if (span?.items.buffer !== buffer) return null;
    from = Math.min(from, span.items.byteOffset);
    to = Math.max(to, span.items.byteOffset + span.items.length);
  }
  return new Uint8Array(buffer, from, to - from);
}
