import { concatenate } from "../../core/concatenate.ts";
import type { WireResponse } from "../../core/transport.ts";
import { decodeContent } from "../content_coding.ts";

/** Headers or trailers as undici tells them, by lower-case name. */
export type UndiciHeaders = Record<string, string | string[] | undefined>;

const NO_BODY = new Uint8Array(0);

/** An answer while it comes. One object serves all answers of a lane, one after the other. */
export class IncomingAnswer {
  #collects = true;
  #status = 0;
  #headers: Record<string, string> = {};
  #body: Uint8Array = NO_BODY;
  #chunks: Uint8Array[] | null = null;

  /**
   * Begins the next answer.
   *
   * @param collects Whether its body is kept.
   */
  begin(collects: boolean): void {
    this.#collects = collects;
    this.#body = NO_BODY;
    this.#chunks = null;
  }

  /** Takes its head. */
  head(status: number, headers: UndiciHeaders): void {
    this.#status = status;
    this.#headers = joined(headers);
  }

  /** Takes the next piece of its body. */
  add(chunk: Uint8Array): void {
    if (!this.#collects) return;
    if (this.#chunks !== null) this.#chunks.push(chunk);
    else if (this.#body.length === 0) this.#body = chunk;
    else this.#chunks = [this.#body, chunk];
  }

  /**
   * Ends it.
   *
   * @param trailers What came behind the body.
   * @param maxBodyBytes Largest body after its decoding, bytes.
   * @returns The whole answer, with its body if that was kept.
   * @throws {Error} If the body cannot be decoded.
   */
  complete(trailers: UndiciHeaders, maxBodyBytes: number): WireResponse {
    const status = this.#status, headers = this.#headers;
    let body = this.#chunks === null ? this.#body : concatenate(this.#chunks);
    this.#body = NO_BODY;
    this.#chunks = null;
    const coding = headers["content-encoding"];
    if (coding !== undefined && this.#collects) body = decodeContent(body, coding, maxBodyBytes);
    return isEmpty(trailers) ? { status, headers, body } : { status, headers, body, trailers: joined(trailers) };
  }
}

function isEmpty(headers: UndiciHeaders): boolean {
  for (const _ in headers) return false;
  return true;
}

/** A header that came several times is one list. */
function joined(headers: UndiciHeaders): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== "string") headers[name] = value === undefined ? "" : value.join(", ");
  }
  return headers as Record<string, string>;
}
