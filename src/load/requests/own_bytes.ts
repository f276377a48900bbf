import { type Marker, markerCapacity, type PlacedMarker, shiftedMarker, writeMarker } from "../../core/marker.ts";
import type { EncodedRequest } from "../../core/protocol.ts";
import type { WireBody } from "../../core/transport.ts";
import { endOfStep } from "../../core/request/sequence.ts";
import { bodyLength } from "../../core/wire_body.ts";

/** Most bytes of a head that fits in front of a body that is there in one piece. */
export const HEAD_ROOM = 2048;
/** Most bytes in front of the first marker that each request has for itself. */
const MOST_JOINED = 4096;
/** Most bytes between two markers that each request has for itself: a part of its own would take as much memory. */
const MOST_BETWEEN = 256;

/** One request's body. */
export interface OwnBody {
  /** What is sent. */
  readonly body: WireBody | null;
  /** The bytes of it that are nobody else's: markers are written into them. */
  readonly own: Uint8Array<ArrayBuffer>;
  /** As {@linkcode WireRequest.headRoom}. */
  readonly headRoom: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where a body tells an item apart from others, counted from its beginning. */
export interface ItemMarker {
  readonly marker: Marker;
  readonly item: number;
}

/**
 * The markers of a body, counted from its beginning.
 *
 * @param parts Its parts.
 * @param markers Each counted from the beginning of its part.
 */
export function markersOf(parts: readonly Uint8Array[], markers: readonly PlacedMarker[]): ItemMarker[] {
  const starts: number[] = [];
  parts.reduce((at, part) => (starts.push(at), at + part.length), 0);
  return markers.map(({ part, marker, item }) => ({ marker: shiftedMarker(marker, starts[part]!), item }));
}

/**
 * Which bytes of a body each of the requests that hold the same items has for itself: the few that are rewritten, of a
 * sequence's all up to its step. All others are shared.
 */
export class OwnBytes {
  /** What a request's own bytes begin as, in pieces. */
  readonly #template: readonly Uint8Array[];
  readonly #ownLength: number;
  readonly #markers: readonly ItemMarker[];
  /** How many requests differ by one item, by its index; those that are always the same are left out. */
  readonly capacities: ReadonlyMap<number, number>;
  /** Shared bytes, or where in a request's own bytes a part stands. */
  readonly #parts: readonly (Uint8Array | Range)[];
  /** The body where nothing of it is a request's own. */
  readonly #shared: WireBody | null;

  /**
   * Makes no request yet.
   *
   * @param encoded The request; its bytes stay as they are.
   * @param wholeBytes A body of up to so many bytes is a request's own as a whole, since every part may cost a write each time
   * that it is sent.
   */
  constructor({ body, markers = [], sequence }: EncodedRequest, wholeBytes: number) {
    this.#shared = body;
    const shared = body === null ? [] : body instanceof Uint8Array ? [body] : body;
    const length = bodyLength(body);
    const head = sequence === undefined ? 0 : endOfStep(sequence);
    const placed = markersOf(shared, markers).toSorted((a, b) => spanOf(a).from - spanOf(b).from);
    const ranges = length === 0 ? [] : length <= wholeBytes ? [{ from: 0, to: length }] : ownRanges(placed, head);
    const parts: (Uint8Array | Range)[] = [], own: Uint8Array[] = [], moved: ItemMarker[] = [];
    let at = 0, ownAt = 0;
    for (const { from, to } of ranges) {
      parts.push(...cut(shared, at, from), { from: ownAt, to: ownAt + to - from });
      own.push(...cut(shared, from, to));
      const by = ownAt - from;
      while (moved.length < placed.length && spanOf(placed[moved.length]!).from < to) {
        const { marker, item } = placed[moved.length]!;
        moved.push({ marker: shiftedMarker(marker, by), item });
      }
      [at, ownAt] = [to, ownAt + to - from];
    }
    this.#parts = [...parts, ...cut(shared, at, length)];
    this.#template = own;
    this.#ownLength = ownAt;
    this.#markers = moved;
    const capacities = new Map<number, number>();
    for (const { marker, item } of moved) {
      const own = (marker.divisor ?? 1) * markerCapacity(marker);
      capacities.set(item, Math.max(own, capacities.get(item) ?? 1));
    }
    this.capacities = capacities;
  }

  /**
   * A body for one request.
   *
   * @param headRoom Bytes to leave free in front of it where it is the request's own as a whole.
   */
  make(headRoom = 0): OwnBody {
    const isWhole = this.#parts.length === 1 && this.#ownLength > 0, room = isWhole ? headRoom : 0;
    const own = new Uint8Array(room + this.#ownLength).subarray(room);
    let at = 0;
    for (const piece of this.#template) {
      own.set(piece, at);
      at += piece.length;
    }
    if (own.length === 0) return { body: this.#shared, own, headRoom: 0 };
    const parts = this.#parts.map((part) => part instanceof Uint8Array ? part : own.subarray(part.from, part.to));
    return { body: isWhole ? own : parts, own, headRoom: room };
  }

  /**
   * Gives each item of a request a number of its own.
   *
   * @param own The request's own bytes.
   * @param first The first item's number.
   * @param step How much higher the next item's is; the same each time.
   * @param before The first item's number that stands there; NaN for none.
   */
  mark(own: Uint8Array, first: number, step: number, before: number): void {
    for (const { marker, item } of this.#markers) writeMarker(own, marker, first + step * item, before + step * item);
  }
}

/** The head, and those of the markers, in one range where little stands between them. */
function ownRanges(markers: readonly ItemMarker[], head: number): Range[] {
  const ranges: Range[] = head === 0 ? [] : [{ from: 0, to: head }];
  for (const marker of markers) {
    const { from, to } = spanOf(marker);
    const last = ranges.at(-1) ?? { from: 0, to: 0 };
    if (from - last.to > (ranges.length === 0 ? MOST_JOINED : MOST_BETWEEN)) ranges.push({ from, to });
    else ranges.splice(Math.max(0, ranges.length - 1), 1, { from: last.from, to });
  }
  return ranges;
}

function spanOf({ marker: { places, width } }: ItemMarker): Range {
  return { from: Math.min(...places), to: Math.max(...places) + width };
}

/** Some bytes of a body, shared with it. */
function cut(parts: readonly Uint8Array[], from: number, to: number): Uint8Array[] {
  let start = 0;
  return parts.flatMap((part) => {
    const [begin, end] = [Math.max(0, from - start), Math.min(part.length, to - start)];
    start += part.length;
    return begin < end ? [begin === 0 && end === part.length ? part : part.subarray(begin, end)] : [];
  });
}
