import { type Clock, systemClock } from "../../core/clock.ts";
import type { OnProgress, Progress } from "../../results/progress.ts";
import type { Console } from "./console.ts";
import { formatElapsed, progressLine, type ProgressView, restInWords } from "./progress_line.ts";

/** A line is drawn again no sooner than this. */
const REDRAW_MS = 100;
/** While nothing is reported the line is drawn this often, so that its time goes on. */
const TICK_MS = 1000;
/** A plain line follows another no sooner than this, unless another test begins. */
const LINE_MS = 3000;
/** Where no details are wanted, a plain line follows another after this. */
const BEAT_MS = 30_000;
/** While something runs it is not done. */
const MOST_SHOWN = 0.99;

/** Options of {@linkcode openProgressBar}. */
export interface ProgressBarOptions {
  /** The tests that will run, in this order. */
  readonly kinds: readonly Progress["test"][];
  /** Whether to print a line for each step, and not only now and then, where stderr is no terminal. */
  readonly verbose: boolean;
  /** How long a test may take, ms, which is its weight in the whole; `null` where nobody can say. @default {all alike} */
  readonly longestMs?: (kind: Progress["test"]) => number | null;
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
 * Shows on stderr how far a run is: a line that is drawn again where it is a terminal, else a plain line every 30 s, and where
 * details are wanted for each step.
 *
 * @param console Where it is shown.
 * @param options Which tests run, and whether details are wanted.
 */
export function openProgressBar(
  console: Pick<Console, "draw" | "error" | "terminalColumns" | "ascii">,
  { kinds, verbose, longestMs = () => null, clock = systemClock }: ProgressBarOptions,
): ProgressBar {
  const closed = new AbortController();
  const run = new RunProgress(kinds, longestMs, clock.now());
  const show = console.terminalColumns() !== null
    ? terminalLine(console, run, clock, closed.signal)
    : plainLines(console, run, clock, closed.signal, verbose);
  const close = () => closed.abort();
  const update = (progress: Progress) => {
    if (closed.signal.aborted) return;
    run.update(progress);
    show();
  };
  return { update, close, [Symbol.dispose]: close };
}

/** What a test counts where nobody can say how long it takes, ms. */
const USUAL_MS = 10_000;

/** How far the tests are, taken together: each counts as much as it may take. */
class RunProgress {
  /** Last step that was reported. */
  last: Progress | null = null;
  readonly #kinds: readonly Progress["test"][];
  readonly #weights: readonly number[];
  readonly #wholeMs: number;
  readonly #isKnown: boolean;
  readonly #startedAt: number;
  #fraction = 0;

  constructor(
    kinds: readonly Progress["test"][],
    longestMs: NonNullable<ProgressBarOptions["longestMs"]>,
    startedAt: number,
  ) {
    const all = kinds.map(longestMs);
    this.#kinds = kinds;
    this.#isKnown = !all.includes(null);
    this.#weights = all.map((ms) => ms ?? USUAL_MS);
    this.#wholeMs = this.#weights.reduce((sum, ms) => sum + ms, 0);
    this.#startedAt = startedAt;
  }

  update(progress: Progress): void {
    this.last = progress;
    const place = this.#place(progress.test);
    const before = this.#weights.slice(0, place - 1).reduce((sum, ms) => sum + ms, 0);
    const part = Math.min(1, Math.max(0, progress.fraction || 0)); // NaN is none
    const done = (before + part * (this.#weights[place - 1] ?? 0)) / this.#wholeMs;
    this.#fraction = Math.max(this.#fraction, Math.min(MOST_SHOWN, done));
  }

  /** What is shown at a moment. */
  view(nowMs: number): ProgressView {
    const { test, stage, waits = false } = this.last!;
    return {
      test,
      stage,
      waits,
      place: this.#place(test),
      tests: this.#kinds.length,
      fraction: this.#fraction,
      elapsedMs: nowMs - this.#startedAt,
      ...(this.#isKnown ? { longestMs: this.#wholeMs } : {}),
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

/** Prints a line every 30 s, and where details are wanted when the stage has changed. */
function plainLines(
  console: Pick<Console, "error">,
  run: RunProgress,
  clock: Pick<Clock, "now" | "sleep">,
  closed: AbortSignal,
  verbose: boolean,
): () => void {
  let printedAt = clock.now();
  let printed: Progress | null = null;
  const print = () => {
    if (run.last === null) return;
    printedAt = clock.now();
    printed = run.last;
    const view = run.view(printedAt);
    const { test, stage, fraction, elapsedMs } = view;
    console.error(
      `${test}: ${stage} (${Math.floor(fraction * 100)} %, ${formatElapsed(elapsedMs)}${restInWords(view)})`,
    );
  };
  const beat = async () => {
    while (!closed.aborted) {
      await clock.sleep(Math.max(1, printedAt + BEAT_MS - clock.now()), closed);
      if (clock.now() - printedAt >= BEAT_MS) print();
    }
  };
  beat().catch(() => {}); // closed while it slept
  return () => {
    if (!verbose) return;
    const { test, stage } = run.last!;
    const isOtherTest = test !== printed?.test;
    if (isOtherTest || (stage !== printed?.stage && clock.now() - printedAt >= LINE_MS)) print();
  };
}
