import type { Console } from "./console.ts";
import { EXIT_CODE } from "./exit_code.ts";

/** Ctrl-C as a signal. */
export interface Interrupts extends Disposable {
  /** Aborted by the first Ctrl-C (or SIGTERM). */
  readonly signal: AbortSignal;
}

/**
 * Turns the first Ctrl-C or SIGTERM into an aborted signal, so that what was measured is still written. The second ends
 * the process at once.
 *
 * @param console Is told what happens.
 */
export function watchInterrupts(console: Console): Interrupts {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) Deno.exit(EXIT_CODE.interrupted);
    console.error("\nInterrupted: writing what was measured so far. Press Ctrl-C again to end at once.");
    controller.abort(new DOMException("Interrupted", "AbortError"));
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
    },
  };
}
