/** A signal with an end. */
export interface LateSignal extends Disposable {
  /** Aborted when it is time to end. */
  readonly signal: AbortSignal;
}

/**
 * The signal of what goes on for a while after the user's signal.
 *
 * @param signal The user's.
 * @param halt Ends it at once.
 * @param graceMs How long it may go on after `signal`, ms.
 */
export function afterSignal(
  signal: AbortSignal | undefined,
  halt: AbortSignal | undefined,
  graceMs: number,
): LateSignal {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => controller.abort(new DOMException("Interrupted", "AbortError"));
  const begin = () => timer = setTimeout(end, graceMs);
  if (halt?.aborted) end();
  else if (signal?.aborted) begin();
  signal?.addEventListener("abort", begin, { once: true });
  halt?.addEventListener("abort", end, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", begin);
      halt?.removeEventListener("abort", end);
    },
  };
}

/** What is said of a model that was unloaded, where nobody waited to see it loaded again. */
export function mayBeGone(model: string): string {
  return `The model "${model}" may be gone from the server: this run unloaded it, and ended before it was seen to be there again.`;
}
