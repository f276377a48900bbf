/** Counts tokens by a tokenizer of the user's, elsewhere than in the thread that measures. */
export interface TokenCounter {
  /**
   * How many tokens texts have, without those that mark their ends.
   *
   * @param texts The texts.
   * @returns A count of each.
   */
  count(texts: readonly string[]): Promise<readonly number[]>;
}
