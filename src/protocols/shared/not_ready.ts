import { TargetError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { WireResponse } from "../../core/transport.ts";

/** What servers and the proxies before them answer while there is nothing behind them yet, or no room. */
const NOT_READY = [429, 502, 503];

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
export function notReady(found: string, { headers }: Pick<WireResponse, "headers">): TargetError {
  const later = headers["retry-after"];
  return new TargetError(
    `Cannot connect as the server must be ready: it is not ready yet, ${found}` +
      (later === undefined ? "" : ` (Retry-After: ${later})`),
    { hint: naming`Wait for it with ${option("waitMs")}.` },
  );
}
