import { type Clock, systemClock } from "../../core/clock.ts";
import type { Console } from "./console.ts";
import { END_WORDS, type EndCause, listenForEnd } from "./end_signals.ts";
import { EXIT_CODE } from "./exit_code.ts";

/** Ctrl-C as a signal. */
export interface Interrupts extends Disposable {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP, or by the end of what started the command. */
  readonly signal: AbortSignal;
  /** Aborted by the second. */
  readonly haltSignal: AbortSignal;
}

/** What interrupts need of the system. */
export interface InterruptOptions {
  /** Source of time. @default {the system's} */
  readonly clock?: Pick<Clock, "now">;
  /** Ends the process. @default {`Deno.exit`} */
  readonly exit?: (code: number) => void;
  /** Calls back whenever the command is told to end, until that is disposed of. @default {listenForEnd} */
  readonly listen?: (onEnd: (cause: EndCause) => void) => Disposable;
}

/**
 * Signals so soon after the first come of the same key: a terminal sends it to all that runs in it, and a program such as
 * `deno task` that has started this one passes its own on.
 */
const SAME_PRESS_MS = 400;

const firstWords = (cause: EndCause) =>
  `\n${END_WORDS[cause]}: writing what was measured so far.\n` +
  "Press Ctrl-C again to leave the server as it is, without waiting for it.";
const SECOND_WORDS = "\nInterrupted again: writing what was measured, without waiting for the server.\n" +
  "Press Ctrl-C once more to end at once; what is not yet written is then lost.";

/**
 * Turns the first Ctrl-C or SIGTERM, or the end of the terminal or of what started the command, into an aborted signal, so
 * that what was measured is still written, and the second into another, upon which nothing is waited for any more. The third
 * ends the process at once.
 *
 * @param console Is told what happens.
 * @param options What it needs of the system.
 */
export function watchInterrupts(console: Console, options: InterruptOptions = {}): Interrupts {
  const { clock = systemClock, exit = Deno.exit, listen = listenForEnd } = options;
  const controller = new AbortController(), halt = new AbortController();
  let pressedAtMs = -Infinity;
  const onSignal = (cause: EndCause) => {
    if (clock.now() - pressedAtMs < SAME_PRESS_MS) return;
    if (halt.signal.aborted) return exit(EXIT_CODE.interrupted);
    pressedAtMs = clock.now();
    const isFirst = !controller.signal.aborted;
    console.error(isFirst ? firstWords(cause) : SECOND_WORDS);
    (isFirst ? controller : halt).abort(new DOMException("Interrupted", "AbortError"));
  };
  const listening = listen(onSignal);
  return { signal: controller.signal, haltSignal: halt.signal, [Symbol.dispose]: () => listening[Symbol.dispose]() };
}
