import { type Clock, systemClock } from "../../core/clock.ts";
import type { OnProgress, Progress } from "../../results/progress.ts";
import type { Console } from "./console.ts";
import { formatElapsed, progressLine } from "./progress_line.ts";

/** A line is drawn again no sooner than this. */
const REDRAW_MS = 100;
/** While nothing is reported the line is drawn this often, so that its time goes on. */
const TICK_MS = 1000;
/** A plain line follows another no sooner than this, unless another test begins. */
const LINE_MS = 3000;

/** Options of {@linkcode openProgressBar}. */
export interface ProgressBarOptions {
  /** The tests that will run, in this order. */
  readonly kinds: readonly Progress["test"][];
  /** Whether to print a line now and then where stderr is no terminal. */
  readonly verbose: boolean;
  /** Source of time. @default {systemClock} */
  readonly clock?: Pick<Clock, "now" | "sleep">;
}

/** What shows how far a run is. */
export interface ProgressBar extends Disposable {
  /** Shows one step; made to be passed on as `onProgress`. */
  readonly update: OnProgress;
  /** Clears the line. Nothing is shown after it. */
  close(): void;
}

/**
 * Shows on stderr how far a run is: a line that is drawn again where it is a terminal, a plain line now and then where it
 * is not and details are wanted, else nothing.
 *
 * @param console Where it is shown.
 * @param options Which tests run, and whether details are wanted.
 */
export function openProgressBar(
  console: Pick<Console, "draw" | "error" | "terminalColumns" | "ascii">,
  { kinds, verbose, clock = systemClock }: ProgressBarOptions,
): ProgressBar {
  const closed = new AbortController();
  const run = new RunProgress(kinds, clock.now());
  const show = console.terminalColumns() !== null
    ? terminalLine(console, run, clock, closed.signal)
    : verbose
    ? plainLines(console, run, clock)
    : () => {};
  const close = () => closed.abort();
  const update = (progress: Progress) => {
    if (closed.signal.aborted) return;
    run.update(progress);
    show();
  };
  return { update, close, [Symbol.dispose]: close };
}

/** How far the tests are, taken together. */
class RunProgress {
  /** Last step that was reported. */
  last: Progress | null = null;
  readonly #kinds: readonly Progress["test"][];
  readonly #startedAt: number;
  #fraction = 0;

  constructor(kinds: readonly Progress["test"][], startedAt: number) {
    this.#kinds = kinds;
    this.#startedAt = startedAt;
  }

  update(progress: Progress): void {
    this.last = progress;
    const done = this.#place(progress.test) - 1 + Math.min(1, Math.max(0, progress.fraction || 0)); // NaN is none
    this.#fraction = Math.max(this.#fraction, Math.min(1, done / this.#kinds.length));
  }

  /** What is shown at a moment; each test counts the same. */
  view(nowMs: number) {
    const { test, stage, waits = false } = this.last!;
    const elapsedMs = nowMs - this.#startedAt;
    return {
      test,
      stage,
      waits,
      place: this.#place(test),
      tests: this.#kinds.length,
      fraction: this.#fraction,
      elapsedMs,
    };
  }

  /** Place of a test in the run, from 1; what was not announced comes last. */
  #place(test: Progress["test"]): number {
    const index = this.#kinds.indexOf(test);
    return index === -1 ? this.#kinds.length : index + 1;
  }
}

/** Draws one line again and again, over itself: blanks do on every terminal what an escape sequence does on most. */
function terminalLine(
  console: Pick<Console, "draw" | "terminalColumns" | "ascii">,
  run: RunProgress,
  clock: Pick<Clock, "now" | "sleep">,
  closed: AbortSignal,
): () => void {
  let drawnAt = -Infinity;
  let drawn = "";
  const draw = () => {
    if (run.last === null || clock.now() - drawnAt < REDRAW_MS) return;
    drawnAt = clock.now();
    const line = progressLine(run.view(drawnAt), console.terminalColumns() ?? 80, console.ascii);
    console.draw(`\r${line.padEnd(drawn.length)}`);
    drawn = line;
  };
  const tick = async () => {
    while (!closed.aborted) {
      await clock.sleep(TICK_MS, closed);
      draw();
    }
  };
  tick().catch(() => {}); // closed while it slept
  closed.addEventListener("abort", () => console.draw(`\r${" ".repeat(drawn.length)}\r`), { once: true });
  return draw;
}

/** Prints a line where the stage has changed. */
function plainLines(
  console: Pick<Console, "error">,
  run: RunProgress,
  clock: Pick<Clock, "now" | "sleep">,
): () => void {
  let printedAt = -Infinity;
  let printed: Progress | null = null;
  return () => {
    const { test, stage } = run.last!;
    const isOtherTest = test !== printed?.test;
    if (!isOtherTest && (stage === printed?.stage || clock.now() - printedAt < LINE_MS)) return;
    printedAt = clock.now();
    printed = run.last;
    const { fraction, elapsedMs } = run.view(printedAt);
    console.error(`${test}: ${stage} (${Math.floor(fraction * 100)} %, ${formatElapsed(elapsedMs)})`);
  };
}
