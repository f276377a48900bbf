import type { TargetErrorOptions } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";

const STATUSES = [401, 403];

/** Whether an answer refuses for want of authentication. */
export function isUnauthorized({ status }: { readonly status: number }): boolean {
  return STATUSES.includes(status);
}

/** What to do about it: it does not pass by itself. */
export const WANTS_AUTHENTICATION: TargetErrorOptions = {
  hint: naming`It wants authentication: give ${option("headers")}.`,
  lasts: true,
};
