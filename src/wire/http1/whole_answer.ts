import type { WireResponse } from "../../core/transport.ts";
import type { AnswerHead } from "./answer_head.ts";
import type { BytePool } from "../body/byte_pool.ts";
import type { KnownHeads } from "./known_heads.ts";

const NO_BODY: Uint8Array = new Uint8Array(0);

/**
 * Whether bytes are one whole answer, whose head is known and whose body is as it was sent: most answers are. It spares
 * them the state that an answer in pieces needs, which costs more than all else that is done for one.
 *
 * @param heads The heads that came last.
 * @param bytes What came, from its beginning.
 * @param end Where it ends.
 * @param maxBodyBytes Largest body that is taken, bytes.
 * @returns The head, or `null` where the answer has to be read.
 */
export function headOfWhole(
  heads: KnownHeads,
  bytes: Uint8Array,
  end: number,
  maxBodyBytes: number,
): AnswerHead | null {
  const length = heads.find(bytes, 0, end);
  if (length === 0) return null;
  const head = heads.found, { framing, bodyBytes } = head;
  if (framing !== "length" && framing !== "none") return null;
  if (end - length !== bodyBytes || bodyBytes > maxBodyBytes) return null;
  return head.headers["content-encoding"] === undefined ? head : null;
}

/**
 * That answer.
 *
 * @param head Its head.
 * @param bytes What came.
 * @param end Where it ends.
 * @param wanted What is wanted of the body: a copy from a pool, what came itself (`lent`), or nothing (`null`).
 */
export function wholeAnswer(
  { status, headers, bodyBytes }: AnswerHead,
  bytes: Uint8Array,
  end: number,
  wanted: BytePool | "lent" | null,
): WireResponse {
  return { status, headers, body: bodyOf(bytes, end - bodyBytes, end, wanted) };
}

function bodyOf(bytes: Uint8Array, from: number, to: number, wanted: BytePool | "lent" | null): Uint8Array {
  if (wanted === null || from === to) return NO_BODY;
  return wanted === "lent" ? bytes.subarray(from, to) : wanted.copy(bytes, from, to);
}
