import type { WireResponse } from "../../core/transport.ts";
import type { AnswerBudget } from "../answer_budget.ts";
import type { BytePool } from "../body/byte_pool.ts";
import { IncomingBody } from "../body/incoming_body.ts";
import { decodeContent } from "../content_coding.ts";
import type { AnswerHead } from "./answer_head.ts";

/** An answer while it comes. One object serves all answers of a lane, one after another. */
export class IncomingAnswer {
  /** Its body. */
  readonly body: IncomingBody;
  readonly #maxBodyBytes: number;
  #head: AnswerHead | null = null;

  /**
   * Waits for its head.
   *
   * @param budget Bounds bodies, before and after their decoding.
   * @param pool Gives memory for what others keep.
   */
  constructor(budget: AnswerBudget, pool: BytePool) {
    this.body = new IncomingBody(budget, pool);
    this.#maxBodyBytes = budget.answerBytes;
  }

  /**
   * Takes its head.
   *
   * @throws {AnswerTooLarge} If the head says that the body is too large.
   */
  head(head: AnswerHead): void {
    this.#head = head;
    this.body.expect(head.bodyBytes);
  }

  /**
   * Ends it.
   *
   * @param trailers What came behind the body, or `null`.
   * @returns The whole answer, with its body if that was kept.
   * @throws {Error} If the body cannot be decoded.
   */
  complete(trailers: Readonly<Record<string, string>> | null): WireResponse {
    const { status, headers } = this.#head!;
    const coding = headers["content-encoding"], isCollected = this.body.isCollected;
    let body = this.body.end();
    if (coding !== undefined && isCollected) body = decodeContent(body, coding, this.#maxBodyBytes);
    return trailers === null ? { status, headers, body } : { status, headers, body, trailers };
  }
}
