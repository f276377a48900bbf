import type { WireResponse } from "../../core/transport.ts";
import type { AnswerBudget } from "../answer_budget.ts";
import { BytePool } from "../body/byte_pool.ts";
import { IncomingBody } from "../body/incoming_body.ts";
import { decodeContent } from "../content_coding.ts";
import { NoAnswer } from "./socket_watch.ts";

/** Headers or trailers as undici tells them, by lower-case name. */
export type UndiciHeaders = Record<string, string | string[] | undefined>;

/** An answer while it comes. One object serves all answers of a lane, one after the other. */
export class IncomingAnswer {
  /** Its body. */
  readonly body: IncomingBody;
  readonly #maxBodyBytes: number;
  #status = 0;
  #headers: Record<string, string> = {};

  /**
   * Waits for its head.
   *
   * @param budget Bounds bodies, before and after their decoding.
   */
  constructor(budget: AnswerBudget) {
    this.body = new IncomingBody(budget, new BytePool());
    this.#maxBodyBytes = budget.answerBytes;
  }

  /**
   * Takes its head.
   *
   * @throws {NoAnswer} If the end of the body is not certain.
   * @throws {AnswerTooLarge} If the head says that the body is too large.
   */
  head(status: number, headers: UndiciHeaders): void {
    this.#status = status;
    this.#headers = joined(headers);
    const coding = this.#headers["transfer-encoding"];
    if (coding !== undefined && coding.toLowerCase() !== "chunked") {
      throw new NoAnswer("its transfer-encoding is not chunked");
    }
    const length = status === 204 || status === 304 ? NaN : Number(this.#headers["content-length"]);
    if (length > 0) this.body.expect(length);
  }

  /**
   * Ends it.
   *
   * @param trailers What came behind the body.
   * @returns The whole answer, with its body if that was kept.
   * @throws {Error} If the body cannot be decoded.
   */
  complete(trailers: UndiciHeaders): WireResponse {
    const status = this.#status, headers = this.#headers;
    const coding = headers["content-encoding"], isCollected = this.body.isCollected;
    let body = this.body.end();
    if (coding !== undefined && isCollected) body = decodeContent(body, coding, this.#maxBodyBytes);
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
