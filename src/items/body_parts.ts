import { type MarkedBytes, type PlacedMarker, shiftedMarker } from "../core/marker.ts";
import type { EncodedRequest } from "../core/protocol.ts";

const utf8 = new TextEncoder();

/**
 * Puts a body together without copying items: texts become parts of their own, items are shared. Items that stand behind one
 * another in memory become one part, since every part may cost a write.
 *
 * The markers of all items are kept, so that each of them can be told from every other.
 */
export class BodyParts {
  readonly #parts: Uint8Array[] = [];
  readonly #markers: PlacedMarker[] = [];
  #text = "";

  /**
   * Adds a text.
   *
   * @param text What is sent in UTF-8.
   */
  text(text: string): this {
    this.#text += text;
    return this;
  }

  /**
   * Adds bytes as they are.
   *
   * @param bytes The bytes; they must stay as they are.
   * @param item Index of the item that they belong to. @default {0}
   */
  bytes({ bytes, markers = [] }: MarkedBytes, item = 0): this {
    if (bytes.length === 0) return this;
    this.#endText();
    const last = this.#parts.at(-1);
    const isNext = last !== undefined && last.buffer === bytes.buffer &&
      last.byteOffset + last.length === bytes.byteOffset;
    const part = isNext ? this.#parts.length - 1 : this.#parts.length;
    for (const marker of markers) {
      this.#markers.push({ part, marker: shiftedMarker(marker, isNext ? last.length : 0), item });
    }
    this.#parts[part] = isNext ? new Uint8Array(bytes.buffer, last.byteOffset, last.length + bytes.length) : bytes;
    return this;
  }

  /**
   * Adds values separated by commas.
   *
   * @param items Each of them behind a comma; the first comma is left out. An empty one is no value.
   * @param first Index of the item that the first belongs to. @default {0}
   */
  list(items: readonly MarkedBytes[], first = 0): this {
    let isFirst = true;
    for (const [i, item] of items.entries()) {
      this.bytes(isFirst ? withoutComma(item) : item, first + i);
      isFirst &&= item.bytes.length === 0;
    }
    return this;
  }

  /** The body and where it may be rewritten. */
  encoded(): { readonly body: readonly Uint8Array[] } & Pick<EncodedRequest, "markers"> {
    this.#endText();
    return this.#markers.length === 0 ? { body: this.#parts } : { body: this.#parts, markers: this.#markers };
  }

  #endText(): void {
    if (this.#text === "") return;
    this.#parts.push(utf8.encode(this.#text));
    this.#text = "";
  }
}

function withoutComma({ bytes, markers }: MarkedBytes): MarkedBytes {
  const rest = bytes.subarray(1);
  return markers === undefined
    ? { bytes: rest }
    : { bytes: rest, markers: markers.map((marker) => shiftedMarker(marker, -1)) };
}
