import type { FailureReason } from "../outcome.ts";

/** What a request asked for, against which its answer is judged. */
export interface Asked {
  /** The model that must answer. */
  readonly model: string;
  /** How many predictions must come. */
  readonly predictions: number;
  /** Whether null results count as predictions. */
  readonly allowNullResults: boolean;
}

/** What an answer is worth. `message` carries the server's own words where it gave any. */
export type Verdict =
  | {
    readonly kind: "success";
    /** Milliseconds that the server says it worked on the request, whether that can be or not; `null` if it says none. */
    readonly serverMs: number | null;
  }
  | {
    readonly kind: "failure";
    readonly reason: FailureReason;
    readonly message: string;
    /** How long the server asks to be left alone, ms; left out where it does not. */
    readonly waitMs?: number;
  };
