import { TargetError } from "../../core/errors.ts";
import { naming, option, type OptionWords } from "../../core/option_words.ts";
import type { WireResponse } from "../../core/transport.ts";

/** What servers and the proxies before them answer while there is nothing behind them yet, or no room; 52x is Cloudflare. */
const NOT_READY = [429, 502, 503, 504, 520, 521, 522, 523, 524];

/** What to do about it. */
export const WAIT_HINT: OptionWords = naming`Wait for it with ${option("waitMs")}.`;

/** Whether an answer says that the server may serve later. */
export function isNotReady({ status }: Pick<WireResponse, "status">): boolean {
  return NOT_READY.includes(status);
}

/**
 * The error for a server that is not ready yet.
 *
 * @param found What was seen, for people.
 * @param response The answer that said so; its `Retry-After` is told.
 */
export function notReady(found: string, response?: Pick<WireResponse, "headers">): TargetError {
  const later = response?.headers["retry-after"];
  return new TargetError(
    `Cannot connect as the server must be ready: it is not ready yet, ${found}` +
      (later === undefined ? "" : ` (Retry-After: ${later})`),
    { hint: WAIT_HINT },
  );
}
