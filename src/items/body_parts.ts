import { type MarkedBytes, type Marker, shiftedMarker } from "../core/marker.ts";
import type { EncodedRequest } from "../core/protocol.ts";

const utf8 = new TextEncoder();

/**
 * Puts a body together without copying items: texts become parts of their own, items are shared. Items that stand behind one
 * another in memory become one part, since every part may cost a write.
 *
 * The first item with a marker gives the body its marker.
 */
export class BodyParts {
  readonly #parts: Uint8Array[] = [];
  #text = "";
  #marker: { readonly part: number; readonly marker: Marker } | undefined;

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
   * @param item The bytes; they must stay as they are.
   */
  bytes({ bytes, marker }: MarkedBytes): this {
    if (bytes.length === 0) return this;
    this.#endText();
    const last = this.#parts.at(-1);
    const isNext = last !== undefined && last.buffer === bytes.buffer &&
      last.byteOffset + last.length === bytes.byteOffset;
    if (marker !== undefined && this.#marker === undefined) {
      const part = isNext ? this.#parts.length - 1 : this.#parts.length;
      this.#marker = { part, marker: isNext ? shiftedMarker(marker, last.length)! : marker };
    }
    if (isNext) {
      this.#parts[this.#parts.length - 1] = new Uint8Array(
        bytes.buffer,
        last.byteOffset,
        last.length + bytes.length,
      );
    } else this.#parts.push(bytes);
    return this;
  }

  /**
   * Adds values separated by commas.
   *
   * @param items Each of them behind a comma; the first comma is left out. An empty one is no value.
   */
  list(items: readonly MarkedBytes[]): this {
    let isFirst = true;
    for (const item of items) {
      this.bytes(isFirst ? withoutComma(item) : item);
      isFirst &&= item.bytes.length === 0;
    }
    return this;
  }

  /** The body and where it may be rewritten. */
  encoded(): { readonly body: readonly Uint8Array[] } & Pick<EncodedRequest, "marker"> {
    this.#endText();
    return this.#marker === undefined ? { body: this.#parts } : { body: this.#parts, marker: this.#marker };
  }

  #endText(): void {
    if (this.#text === "") return;
    this.#parts.push(utf8.encode(this.#text));
    this.#text = "";
  }
}

function withoutComma({ bytes, marker }: MarkedBytes): MarkedBytes {
  const shifted = shiftedMarker(marker, -1);
  return shifted === undefined ? { bytes: bytes.subarray(1) } : { bytes: bytes.subarray(1), marker: shifted };
}
