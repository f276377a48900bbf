/** What is known of the tokens of a request before it is sent. */
export interface RequestTokens {
  /** Most output tokens that its answer can have; left out where that is not known. */
  readonly mostOutput?: number;
  /** Tokens of its prompt by a tokenizer of the user's; left out without one. */
  readonly prompt?: number;
}
