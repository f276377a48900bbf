import type { MemoryGrowth } from "../../results/kinds/memory_growth.ts";
import type { ServerWork } from "../../results/kinds/memory.ts";
import { holdsEnough, isUsable } from "../../results/window/usable.ts";
import { GROWTH_FLOOR_BYTES } from "../../stats/trend/growth_verdict.ts";
import type { Window } from "../../results/window/window.ts";

/**
 * Why a soak says nothing of what requests leave behind, by how it ended and by its own counts: requests that are refused run
 * other code than those that are served.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { soakDoubt } from "./soak_doubt.ts";
 * const counts = { requests: 12, succeeded: 12, failed: 0 };
 * assertEquals(soakDoubt({ ...counts, cutShort: true }), "the soak was cut short");
 * assertEquals(soakDoubt({ ...counts, succeeded: 8, failed: 4 }), "4 of the 12 requests of the soak failed");
 * assertEquals(soakDoubt(counts), null);
 * ```
 *
 * @param soak What it measured; `undefined` if it did not run.
 * @returns `null` where neither is an obstacle.
 */
export function soakDoubt(
  soak: Pick<Window, "requests" | "failed" | "succeeded"> & Partial<Window> | undefined,
): string | null {
  if (soak === undefined) return null;
  if (soak.lost !== undefined) return "the server was lost in the soak";
  if (!holdsEnough(soak)) return "the soak was cut short";
  if (soak.requests === 0 || isUsable(soak)) return null;
  const { requests, failed, succeeded } = soak;
  return succeeded === 0
    ? `all ${requests} requests of the soak failed`
    : `${failed} of the ${requests} requests of the soak failed`;
}

/** Looks of a server at its memory that tell a growth from a step. */
const LEAST_LOOKS = 3;

/**
 * Why a soak says nothing of what requests leave behind, by how seldom the server looks at the memory that it tells: what is
 * read in between is the look before.
 *
 * @param refreshMs How seldom, ms; `undefined` where each reading is of its moment.
 * @param soakMs How long the soak took, ms.
 * @param readBytes What was read in it, bytes, in order: a server that is told to look more often shows it by what moves.
 * @returns `null` where it looked often enough.
 */
export function standingDoubt(
  refreshMs: number | undefined,
  soakMs: number,
  readBytes: readonly number[],
): string | null {
  if (refreshMs === undefined || soakMs >= LEAST_LOOKS * refreshMs) return null;
  const moves = readBytes.filter((bytes, i) => i > 0 && bytes !== readBytes[i - 1]).length;
  if (moves >= LEAST_LOOKS) return null;
  return `the server looks at its memory once in ${refreshMs / 1000} s: a soak that tells takes ` +
    `${LEAST_LOOKS * refreshMs / 1000} s`;
}

/**
 * Why a soak says nothing of what requests leave behind, by who did its work.
 *
 * @param work What the measured processes did; `null` where that was not seen.
 * @returns `null` where nobody else was seen to work.
 */
export function workDoubt(work: ServerWork | null): string | null {
  if (work === null || work.elsewhere.length === 0) return null;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const grown = (bytes: number) => bytes >= GROWTH_FLOOR_BYTES ? `, grew by ${(bytes / 2 ** 20).toFixed(1)} MiB` : "";
  const each = work.elsewhere.map(({ name, pid, cpuMs, grownBytes }) =>
    `${name} (process ${pid}: ${seconds(cpuMs)} of CPU in the soak${grown(grownBytes)})`
  );
  const ids = work.elsewhere.map(({ pid }) => pid).join(", ");
  return `the work is done elsewhere, by ${each.join(" and ")}, while the measured processes used ` +
    `${seconds(work.cpuMs)}: give ${ids} as pid`;
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
