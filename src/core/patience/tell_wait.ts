/** What is waited for, and who is told. */
export interface Wait {
  /** What is done, as in `loading resnet18`. */
  readonly what: string;
  /** Longest wait, ms. */
  readonly mostMs: number;
  /** Is told how long it takes so far: `loading resnet18: 34 s of at most 120 s`. */
  readonly tell: (text: string) => void;
  /** How often it is told, ms. @default {1000} */
  readonly everyMs?: number;
}

/**
 * Tells how long something takes while it is waited for.
 *
 * @param wait What, and who is told.
 * @param waiting Ends it, either way.
 * @returns What it came to.
 */
export async function tellWait<T>({ what, mostMs, tell, everyMs = 1000 }: Wait, waiting: Promise<T>): Promise<T> {
  const startMs = performance.now();
  const timer = setInterval(
    () => tell(`${what}: ${Math.round((performance.now() - startMs) / 1000)} s of at most ${mostMs / 1000} s`),
    everyMs,
  );
  try {
    return await waiting;
  } finally {
    clearInterval(timer);
  }
}
