import type { BasicResult } from "../results/result.ts";
import { formatNumber, unbroken, UNITS } from "./quantity.ts";

/**
 * How requests were sent. Of an open loop its offered rate is the load; how many requests were outstanding came out of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadInWords } from "./load_in_words.ts";
 *
 * assertEquals(loadInWords({ concurrency: 4, batchSize: 1 }), "closed loop, concurrency 4, batch size 1");
 * ```
 *
 * @param load Of a measured window.
 * @returns A phrase without a capital; its rate holds a no-break space.
 */
export function loadInWords(
  { concurrency, batchSize, offered }: Pick<BasicResult, "concurrency" | "batchSize" | "offered">,
): string {
  const load = offered === undefined
    ? `closed loop, concurrency ${concurrency}`
    : `open loop, ${unbroken(formatNumber(offered.offeredPerSecond, UNITS.requestsPerSecond))} offered`;
  return `${load}, batch size ${batchSize}`;
}
