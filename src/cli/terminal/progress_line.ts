/** What a progress line shows. */
export interface ProgressView {
  /** Name of the test. */
  readonly test: string;
  /** What it does now. */
  readonly stage: string;
  /** Whether it waits for the server, and says so in `stage`. @default {false} */
  readonly waits?: boolean;
  /** Its place among the tests of this run, from 1. */
  readonly place: number;
  /** How many tests this run has. */
  readonly tests: number;
  /** Part of the run that is done, 0 to 1. */
  readonly fraction: number;
  /** Time since the run began, ms. */
  readonly elapsedMs: number;
  /** How long it may take in all, ms; left out where nobody can say. */
  readonly longestMs?: number;
}

const BAR_COLUMNS = 20;
/** Below these a guess at the rest would jump about. */
const GUESS_FROM = { elapsedMs: 2000, fraction: 0.05 };

/**
 * A line that says how far a run is: test, bar, percentage, time and stage. Where it is narrow, the stage is cut, then
 * the guess at the rest, the bar and the stage go. While it waits
 * for the server, how long is all that there is to say.
 *
 * @param view What to show.
 * @param columns How wide the terminal is.
 * @param ascii Whether it shows no more than ASCII.
 * @returns Text that leaves the last column free, so that no terminal wraps.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const view = { test: "latency", stage: "cold start 3 of 5", place: 2, tests: 5, fraction: 0.4, elapsedMs: 24000 };
 * assertEquals(
 *   progressLine(view, 80, true),
 *   "[2/5] latency  ########------------   40 %  0:24, about 0:36 left  cold star...",
 * );
 * assertEquals(progressLine(view, 30, true), "[2/5] latency   40 %  0:24");
 * const waiting = { ...view, stage: "loading resnet18: 34 s of at most 120 s", waits: true };
 * assertEquals(
 *   progressLine(waiting, 80, true),
 *   "[2/5] latency   40 %  0:24  loading resnet18: 34 s of at most 120 s",
 * );
 * ```
 */
export function progressLine(view: ProgressView, columns: number, ascii: boolean): string {
  const room = Math.max(0, columns - 1);
  const head = view.tests > 1 ? `[${view.place}/${view.tests}] ${view.test}` : view.test;
  const percent = `${Math.floor(view.fraction * 100)} %`.padStart(5);
  const time = formatElapsed(view.elapsedMs);
  const guess = `${time}${restInWords(view)}`;
  const bar = barOf(view.fraction, ascii);
  const stage = view.stage.replace(/\p{C}/gu, "?");
  const wide = [[head, bar, percent, guess], [head, bar, percent, time]];
  const parts = [
    ...(view.waits ? [] : wide),
    [head, percent, time],
    [head, percent],
  ];
  const line = parts.map((part) => part.join("  ")).find((text) => text.length <= room);
  if (line === undefined) return percent.trim().slice(0, room);
  const left = room - line.length - 2;
  return left < 8 ? line : `${line}  ${shortened(stage, left, ascii)}`;
}

/**
 * A time as a clock shows it.
 *
 * @param elapsedMs Time, ms.
 * @returns `m:ss`, with hours `h:mm:ss`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([formatElapsed(9_999), formatElapsed(3_600_000)], ["0:09", "1:00:00"]);
 * ```
 */
export function formatElapsed(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/**
 * How long the run still takes: in its beginning how long it may take in all, then a guess from the part that is done, which is
 * no longer than that.
 *
 * @param view How far it is.
 * @returns Words that follow the time; empty where nothing can be said.
 */
export function restInWords({ elapsedMs, fraction, longestMs = Infinity }: ProgressView): string {
  if (elapsedMs < GUESS_FROM.elapsedMs || fraction < GUESS_FROM.fraction) {
    return Number.isFinite(longestMs) ? `, up to ${roundedUp(longestMs)}` : "";
  }
  const guessMs = elapsedMs * (1 - fraction) / fraction;
  return `, about ${
    formatElapsed(Math.min(guessMs, Math.max(longestMs - elapsedMs, longestMs * (1 - fraction))))
  } left`;
}

/** A time in tens of seconds, minutes or hours, whichever says it in few digits; never less than it is. */
function roundedUp(ms: number): string {
  const seconds = 10 * Math.ceil(ms / 10_000), minutes = Math.ceil(ms / 60_000);
  if (seconds < 60) return `${seconds} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

function barOf(fraction: number, ascii: boolean): string {
  const full = Math.floor(fraction * BAR_COLUMNS);
  return (ascii ? "#" : "█").repeat(full) + (ascii ? "-" : "░").repeat(BAR_COLUMNS - full);
}

function shortened(text: string, columns: number, ascii: boolean): string {
  const letters = [...text];
  if (letters.length <= columns) return text;
  const sign = ascii ? "..." : "…";
  return letters.slice(0, columns - sign.length).join("") + sign;
}
