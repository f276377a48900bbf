import type { Clock } from "../../src/core/clock.ts";

/** A clock on which a reading of the memory takes `readingMs`, and whose sleeps end when the test says so. */
export function steppedClock(readingMs: number) {
  const sleeps: number[] = [];
  let atMs = 0;
  let wake = () => {};
  let asleep = Promise.withResolvers<void>();
  const clock: Pick<Clock, "now" | "sleep"> = {
    now: () => atMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleeps.push(ms);
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        wake = () => {
          atMs += ms;
          resolve();
        };
        asleep.resolve();
      }),
  };
  const step = async () => {
    await asleep.promise;
    asleep = Promise.withResolvers();
    wake();
  };
  return { clock, sleeps, step, read: () => void (atMs += readingMs) };
}
