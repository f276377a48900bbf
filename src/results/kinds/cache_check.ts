import * as v from "valibot";
import type { Estimate } from "../../core/estimate.ts";
import { nullableEstimate, nullableNumber, number } from "../schema.ts";

/** Whether a server answers repeated requests from a cache: repeated and new requests in pairs, over one connection. */
export interface CacheCheck {
  /**
   * `cache`: a repeated request is answered over 1.1 times as fast as a new one, with 95 % confidence; else `no cache seen`
   * where it is under 1.25 times, else `cannot tell`.
   */
  readonly verdict: "cache" | "no cache seen" | "cannot tell";
  /** Latency of a new request over that of a repeated one, from the pairs' ratios; `null` where there was no pair. */
  readonly ratio: Estimate | null;
  /** Median latency of requests that the server had not seen before, ms. */
  readonly newMs: number | null;
  /** The same of one request that was sent again and again, ms. */
  readonly repeatedMs: number | null;
  /** Requests that it took. */
  readonly requests: number;
  /** Why it cannot be told, for people; left out where the interval tells why. */
  readonly because?: string;
}

/** `CacheCheck`; its entries also stand in the finding. */
export const cacheCheckEntries = {
  verdict: v.picklist(["cache", "no cache seen", "cannot tell"]),
  ratio: nullableEstimate,
  newMs: nullableNumber,
  repeatedMs: nullableNumber,
  requests: number,
  because: v.exactOptional(v.string()),
};
