/** What the server says of its own health. */
export interface Health {
  /** Whether it can serve. */
  readonly healthy: boolean;
  /** The server's own words, or a summary of its checks. */
  readonly detail: string;
  /** Whether an answer that is no healthy one shows that the server is there: under load it may turn away what asks. */
  readonly isThere?: boolean;
}
