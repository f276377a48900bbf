/** An observer's own fault ends the program, as it would anywhere else. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Tells an observer, whose own fault keeps nothing here from going on. */
export function tell(what: () => void): void {
  try {
    what();
  } catch (error) {
    throwLater(error);
  }
}
