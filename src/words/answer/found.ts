import type { Inline } from "../inline.ts";

/** What one test found and what follows, a sentence each. */
export interface Found {
  /** What was found; `null` where nothing was, or what is recommended says it with its figures. */
  readonly found: Inline | null;
  /** What to do; `null` where nothing follows, or what is recommended says it. */
  readonly next: Inline | null;
}
