import { type Inline, say } from "./inline.ts";

/** Something worth saying: what it is about, and what it rests on. */
export interface Statement {
  /** What it is about or what to do; `null` where the evidence says it. */
  readonly label: Inline | null;
  /** What it rests on; `null` where the label says all. */
  readonly evidence: Inline | null;
}

/**
 * A statement as one sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plainText, say } from "./inline.ts";
 * import { sentenceOf } from "./statement.ts";
 *
 * assertEquals(plainText(sentenceOf({ label: say`Memory grows`, evidence: say`by a page a request.` })),
 *   "Memory grows: by a page a request.");
 * ```
 *
 * @param statement What to say.
 */
export function sentenceOf({ label, evidence }: Statement): Inline {
  if (label === null) return evidence ?? [];
  return evidence === null ? label : say`${label}: ${evidence}`;
}
