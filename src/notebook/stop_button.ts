import { isNotebook } from "./jupyter.ts";

/** The stop button of a notebook while a cell runs. */
export interface StopButton extends Disposable {
  /** Aborted by the first press; never outside of a notebook. */
  readonly signal: AbortSignal;
  /** Rejects with an `AbortError` at the second press. */
  readonly pressedAgain: Promise<never>;
}

/** Presses so soon after each other are one. */
const SAME_PRESS_MS = 1000;
/** A press that comes when the cell has just ended must not end the kernel, which it does where nobody listens. */
const LINGER_MS = 3000;

/**
 * Watches the stop button: clients send the kernel SIGINT, which would end it and lose what its cells hold.
 *
 * @returns What it does; dispose of it when the cell's work has ended.
 */
export function watchStopButton(): StopButton {
  const controller = new AbortController();
  const { promise: pressedAgain, reject } = Promise.withResolvers<never>();
  pressedAgain.catch(() => {}); // it may be that nobody waits for it
  let pressedAtMs = -Infinity;
  const onPress = () => {
    const isSame = performance.now() - pressedAtMs < SAME_PRESS_MS;
    pressedAtMs = performance.now();
    if (isSame) return;
    const reason = new DOMException("The cell was stopped", "AbortError");
    if (controller.signal.aborted) reject(reason);
    else controller.abort(reason);
  };
  const isWatched = isNotebook();
  if (isWatched) Deno.addSignalListener("SIGINT", onPress);
  return {
    signal: controller.signal,
    pressedAgain,
    [Symbol.dispose]: () => {
      if (isWatched) Deno.unrefTimer(setTimeout(() => Deno.removeSignalListener("SIGINT", onPress), LINGER_MS));
    },
  };
}
