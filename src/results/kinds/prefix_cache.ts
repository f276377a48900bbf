import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { nullableEstimate, nullableNumber, number } from "../schema.ts";

/** New prompts and one that is repeated, of one length, in pairs over one connection. */
export interface PrefixCacheLength {
  /** Words of each prompt. */
  readonly words: number;
  /** Median time to first token of prompts that the server had not seen, ms; `null` where none was answered. */
  readonly newMs: number | null;
  /** The same of the repeated one, ms. */
  readonly repeatedMs: number | null;
  /** What the repeated one's first token comes earlier by, ms, from the pairs' differences; `null` where there was no pair. */
  readonly savedMs: Estimate | null;
  /** Time to first token of a new prompt over that of the repeated one; `null` where there was no pair. */
  readonly ratio: Estimate | null;
  /** Tokens of a new prompt that the server says it had from before, median; `null` where it does not say. */
  readonly newCachedTokens: number | null;
  /** The same of the repeated one. */
  readonly repeatedCachedTokens: number | null;
  /** Tokens of the repeated prompt, as the server counts them; `null` where it does not. */
  readonly promptTokens: number | null;
}

/** Whether the server keeps what it computed of a prompt's beginning for the next that begins alike. */
export interface PrefixCacheCheck {
  /**
   * `cache`: the first token of a repeated prompt comes over 1.1 times as fast as that of a new one, with 95 % confidence, at one
   * of the lengths; `no cache seen`: at none of them, and under 1.15 times; else `cannot tell`.
   */
  readonly verdict: "cache" | "no cache seen" | "cannot tell";
  /** Ascending by words. */
  readonly lengths: readonly PrefixCacheLength[];
  /** Requests that it took. */
  readonly requests: number;
  /**
   * Where the server's own word stands against what was measured: it says that it had most of the prompt and is no faster, or it
   * is faster and says that it had none. Left out where both agree, or it says nothing.
   */
  readonly contradiction?: "told-but-not-faster" | "faster-but-not-told";
  /** Why it cannot be told, or a length is missing, for people; left out where the intervals tell why. */
  readonly because?: string;
}

/** {@linkcode PrefixCacheCheck} in a results file. */
export const prefixCacheSchema: v.GenericSchema<unknown, PrefixCacheCheck> = v.looseObject({
  verdict: v.picklist(["cache", "no cache seen", "cannot tell"]),
  lengths: v.array(v.looseObject({
    words: number,
    newMs: nullableNumber,
    repeatedMs: nullableNumber,
    savedMs: nullableEstimate,
    ratio: nullableEstimate,
    newCachedTokens: nullableNumber,
    repeatedCachedTokens: nullableNumber,
    promptTokens: nullableNumber,
  })),
  requests: number,
  contradiction: v.exactOptional(v.picklist(["told-but-not-faster", "faster-but-not-told"])),
  because: v.exactOptional(v.string()),
});
