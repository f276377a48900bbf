import * as v from "valibot";
import { number, numbersByName } from "../../schema.ts";

/** What the goodput of a window rests on, in numbers of requests. */
export interface GoodputAccount {
  /** What a request had to keep, as it was written: `ttft<300ms`. */
  readonly limits: readonly string[];
  /** Those that could be held against all limits: of them the share is one; failed and unanswered ones are among them. */
  readonly judged: number;
  /** Those that kept all. */
  readonly good: number;
  /**
   * Those that kept every limit that they could be held against, and lacked a time that is limited, by its name: an answer of
   * one token has no time per output token. They are neither good nor bad.
   */
  readonly unjudged: Readonly<Record<string, number>>;
}

/** {@linkcode GoodputAccount} in a results file. */
export const goodputAccountSchema: v.GenericSchema<unknown, GoodputAccount> = v.looseObject({
  limits: v.array(v.string()),
  judged: number,
  good: number,
  unjudged: numbersByName,
});
