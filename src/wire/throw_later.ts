/** An observer's own fault ends the program, as it would anywhere else. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
