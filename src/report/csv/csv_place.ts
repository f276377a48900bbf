import type { KindResult } from "../../results/kinds.ts";
import type { Detail, LevelWindow } from "../../results/kinds/kind.ts";
import type { TargetDescription } from "../../results/target_description.ts";
import { askedRate } from "../../results/window/asked_rate.ts";
import { isOpen } from "../../results/window/window.ts";

/** The load that a row is about, and where it was offered; what does not apply is `null`. */
export interface CsvPlace {
  /** Items per request. */
  readonly batchSize: number | null;
  /** Requests outstanding at any time. */
  readonly concurrency: number | null;
  /** Rate of arrivals that was asked for, requests per second. */
  readonly ratePerSecond: number | null;
  /** Phase of the test. */
  readonly phase: string | null;
  /** The server, of a test of several; left out where it is that of the run. */
  readonly target?: TargetDescription;
}

/** Of a figure of the whole test. */
export const NO_PLACE: CsvPlace = { batchSize: null, concurrency: null, ratePerSecond: null, phase: null };

/**
 * The load of a measured window.
 *
 * @param level The window with its level.
 */
export function placeOf({ batchSize, phase, window, target }: LevelWindow): CsvPlace {
  const { load } = window;
  return {
    batchSize: batchSize ?? load.batchSize,
    concurrency: load.kind === "closed" ? load.concurrency : null,
    ratePerSecond: isOpen(window) ? askedRate(window) : null,
    phase: phase ?? null,
    ...onServer(target),
  };
}

/**
 * The load of numbers that stand beside the windows: that of the window of their level, where there is one.
 *
 * @param result What holds both.
 * @param at Where the numbers stand.
 */
export function placeOfDetail({ spec, result }: KindResult, at: Detail["at"]): CsvPlace {
  if (at === null) return NO_PLACE;
  const phase = at.axis === "phase" ? String(at.level) : null;
  const window = at.axis === spec.axis?.id ? spec.windows(result).find(({ level }) => level === at.level) : undefined;
  return { ...(window === undefined ? NO_PLACE : placeOf(window)), ...at.load, phase, ...onServer(at.target) };
}

const onServer = (target: TargetDescription | undefined) => target === undefined ? {} : { target };
