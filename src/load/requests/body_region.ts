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

/** The memory of a run that its items leave for bodies in one piece. It is one for all its pools. */
export class BodyMemory {
  #bytesLeft: number;
  readonly #holders = new Set<BodyRegions>();

  /** @param bytes How much there is. */
  constructor(bytes: number) {
    this.#bytesLeft = bytes;
  }

  /** Takes some memory for something else, also what is not there. */
  spend(bytes: number): void {
    this.#bytesLeft -= bytes;
  }

  /**
   * Takes memory for regions.
   *
   * @returns Whether so much was left; else nothing is taken.
   */
  take(bytes: number, holder: BodyRegions): boolean {
    if (bytes > this.#bytesLeft) return false;
    this.#bytesLeft -= bytes;
    this.#holders.add(holder);
    return true;
  }

  /** A load begins: the regions of others, that nobody uses, are given up for it. */
  begin(regions: BodyRegions): void {
    for (const holder of this.#holders) {
      if (holder === regions || !holder.isIdle) continue;
      this.#bytesLeft += holder.giveUp();
      this.#holders.delete(holder);
    }
  }
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
  /** Which request stands there, by its place. */
  place = 0;
  readonly #memory: Uint8Array<ArrayBuffer>;
  readonly #source: Uint8Array;
  /** Where the front of the request that stands there now ends. */
  #frontEnd = 0;

  /** @param source The memory of all items; it stays as it is. */
  constructor(source: Uint8Array) {
    this.#source = source;
    this.#memory = new Uint8Array(bytesOf(source));
    this.#memory.set(source, FRONT);
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

/** How much memory a region takes, bytes. */
function bytesOf(source: Uint8Array): number {
  return FRONT + source.length;
}

/** Regions that hold every request: two of them can always be compared. */
const WIDE = 2;

/**
 * The regions of the requests of a pool. The first two hold every request in turn, others one each, which spares memory where many
 * are outstanding. Either all that are outstanding at a time have one or, from the first for which none is left until all have
 * ended, none gets one: a server may be quicker with requests in one piece, and no load shall be measured with both.
 */
export class BodyRegions {
  readonly #spans: readonly SharedSpan[];
  readonly #source: Uint8Array;
  readonly #memory: BodyMemory;
  readonly #wide: BodyRegion[] = [];
  readonly #narrow: BodyRegion[] = [];
  readonly #isWide = new WeakSet<BodyRegion>();
  #made = 0;
  #taken = 0;
  #outstanding = 0;
  #isOver = false;

  /**
   * @param spans The requests.
   * @param source The memory that all their items stand in.
   * @param memory Where regions are made.
   */
  constructor(spans: readonly SharedSpan[], source: Uint8Array, memory: BodyMemory) {
    this.#spans = spans;
    this.#source = source;
    this.#memory = memory;
  }

  /** Whether none of its requests is outstanding. */
  get isIdle(): boolean {
    return this.#outstanding === 0;
  }

  /**
   * For one more request: a region that nobody else has, or `null` where it is to do without.
   *
   * @param wanted The request's place. The region may hold another instead.
   * @param exactly Whether it must be that.
   */
  take(wanted: number, exactly = false): BodyRegion | null {
    if (this.#outstanding++ === 0) this.#memory.begin(this);
    const region = this.#isOver ? null : this.#free(wanted, exactly) ?? this.#more(wanted);
    this.#isOver = region === null;
    if (region !== null && this.#isWide.has(region)) region.place = wanted;
    return region;
  }

  /** A request has ended. */
  giveBack(region: BodyRegion | null): void {
    if (region !== null) (this.#isWide.has(region) ? this.#wide : this.#narrow).push(region);
    if (--this.#outstanding === 0 && this.#made > 0) this.#isOver = false;
  }

  /**
   * Gives all regions up. None of them may be in use.
   *
   * @returns How much memory they had, bytes.
   */
  giveUp(): number {
    const taken = this.#taken;
    this.#wide.length =
      this.#narrow.length =
      this.#made =
      this.#taken =
        0;
    return taken;
  }

  #free(wanted: number, exactly: boolean): BodyRegion | null {
    const wide = this.#wide.pop();
    if (wide !== undefined) return wide;
    const at = exactly ? this.#narrow.findIndex(({ place }) => place === wanted) : this.#narrow.length - 1;
    return at < 0 ? null : this.#narrow.splice(at, 1)[0]!;
  }

  #more(wanted: number): BodyRegion | null {
    const isWide = this.#made < WIDE;
    const source = isWide ? this.#source : this.#spans[wanted]!.items;
    // The memory of the second is taken with that of the first.
    const bytes = this.#made === 0 ? WIDE * bytesOf(source) : isWide ? 0 : bytesOf(source);
    if (!this.#memory.take(bytes, this)) return null;
    this.#taken += bytes;
    this.#made++;
    const region = new BodyRegion(source);
    region.place = wanted;
    if (isWide) this.#isWide.add(region);
    return region;
  }
}

/**
 * The regions of the requests of a pool.
 *
 * @param spans The requests.
 * @param memory Where regions are made.
 * @returns `null` where one has no span, or their items stand in more than one memory.
 */
export function regionsOf(spans: readonly (SharedSpan | null)[], memory: BodyMemory): BodyRegions | null {
  const all = spans.flatMap((span) => span ?? []);
  const buffer = all[0]?.items.buffer;
  if (all.length < spans.length || buffer === undefined || all.some(({ items }) => items.buffer !== buffer)) {
    return null;
  }
  const from = Math.min(...all.map(({ items }) => items.byteOffset));
  const to = Math.max(...all.map(({ items }) => items.byteOffset + items.length));
  return new BodyRegions(all, new Uint8Array(buffer, from, to - from), memory);
}
