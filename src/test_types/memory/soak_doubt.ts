import type { MemoryGrowth } from "../../results/kinds/memory_growth.ts";
import { isUsable } from "../../results/window/usable.ts";
import type { Window } from "../../results/window/window.ts";

/**
 * Why a soak says nothing of what requests leave behind, by its own counts: requests that are refused run other code than
 * those that are served.
 *
 * @param soak What it measured; `undefined` if it did not run.
 * @returns `null` where its counts are no obstacle.
 */
export function soakDoubt(soak: Window | undefined): string | null {
  if (soak === undefined || soak.requests === 0 || isUsable(soak)) return null;
  const { requests, failed, succeeded } = soak;
  return succeeded === 0
    ? `all ${requests} requests of the soak failed`
    : `${failed} of the ${requests} requests of the soak failed`;
}

/**
 * A growth that rests on a soak, with a verdict only where the soak allows one.
 *
 * @param growth What the slope says.
 * @param because Why it says nothing of the server; `null` where it does.
 */
export function doubted(growth: MemoryGrowth, because: string | null): MemoryGrowth {
  return because === null ? growth : { ...growth, verdict: "cannot tell", requestsNeeded: null, because };
}
