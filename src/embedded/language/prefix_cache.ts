import type { Rows } from "./kept_rows.ts";
import { LLAMA } from "./llama.ts";

/** Tokens that are kept or not as one, as vLLM's blocks are by default. */
const BLOCK = 16;
/** Most tokens of all prompts that are kept: 4 KiB each. */
const MOST_TOKENS = 16_384;
/** Elements of a token in one tensor of keys or values. */
const ROW = LLAMA.keyHeads * LLAMA.headWidth;

/** What is known of the beginning of a prompt. */
export interface KnownPrefix {
  /** How many of its tokens. */
  readonly tokens: number;
  /** Their keys and values. */
  readonly rows: Rows;
}

/**
 * Keys and values of prompts that were read, for others that begin alike (prefix caching: W. Kwon et al., 2023): those that were
 * used last stay.
 */
export class PrefixCache {
  /** The last used last. */
  #kept: { readonly prompt: readonly number[]; readonly rows: Rows }[] = [];

  /**
   * The longest beginning of a prompt that is known, in whole blocks; its last token is always left to compute.
   *
   * @param prompt Its tokens.
   */
  find(prompt: readonly number[]): KnownPrefix {
    let best = -1, most = 0;
    for (const [i, other] of this.#kept.entries()) {
      const tokens = sharedBlocks(prompt, other.prompt);
      if (tokens > most) [best, most] = [i, tokens];
    }
    const [found] = best < 0 ? [] : this.#kept.splice(best, 1);
    if (found === undefined) return { tokens: 0, rows: [] };
    this.#kept.push(found);
    return { tokens: most, rows: found.rows.map((tensor) => tensor.subarray(0, most * ROW)) };
  }

  /**
   * Keeps a prompt that was read, and forgets what was not used for longest.
   *
   * @param prompt Its tokens.
   * @param rows Its keys and values; they stay as they are.
   */
  keep(prompt: readonly number[], rows: Rows): void {
    const isSame = (other: readonly number[]) =>
      other.length === prompt.length && other.every((token, i) => token === prompt[i]);
    this.#kept = this.#kept.filter((other) => !isSame(other.prompt));
    this.#kept.push({ prompt, rows });
    let tokens = this.#kept.reduce((sum, other) => sum + other.prompt.length, 0);
    while (tokens > MOST_TOKENS && this.#kept.length > 1) tokens -= this.#kept.shift()!.prompt.length;
  }
}

function sharedBlocks(prompt: readonly number[], other: readonly number[]): number {
  const most = Math.min(prompt.length - 1, other.length);
  let shared = 0;
  while (shared < most && prompt[shared] === other[shared]) shared++;
  return shared - shared % BLOCK;
}

/**
 * Keys and values of a whole prompt.
 *
 * @param known Of its beginning.
 * @param added Of the rest.
 */
export function joinedRows({ tokens, rows }: KnownPrefix, added: Rows): Rows {
  if (tokens === 0) return added;
  return added.map((tensor, i) => {
    const whole = new Float32Array(tokens * ROW + tensor.length);
    whole.set(rows[i]!);
    whole.set(tensor, tokens * ROW);
    return whole;
  });
}
