import type { ResultKind } from "../kinds.ts";

/** That a server asked for fewer requests: by status 429, or by 503 with a time to ask again. */
export interface RateLimitEvidence {
  /** The test. */
  readonly test: ResultKind;
  /** Its requests. */
  readonly requests: number;
  /** Those that the server did not want. */
  readonly limited: number;
  /** Levels that met it; empty for a test without levels. */
  readonly levels: readonly (number | string)[];
  /** One answer in the server's words; `null` where none stands in a window. */
  readonly example: string | null;
  /** How long nothing was sent as the server asked for that, ms; left out where it was not heeded. */
  readonly heldMs?: number;
  /** Whether requests were due meanwhile; left out where nothing was heeded. */
  readonly isOpen?: boolean;
}
