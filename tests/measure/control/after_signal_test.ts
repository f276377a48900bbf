import { assertEquals } from "@std/assert";
import { afterSignal } from "../../../src/measure/control/after_signal.ts";

const LONG_MS = 3_600_000;

Deno.test("afterSignal() goes on after the signal, ends at once with the second, and holds no timer once disposed of", () => {
  for (const before of [true, false]) {
    const first = new AbortController(), second = new AbortController();
    if (before) first.abort();
    using late = afterSignal(first.signal, second.signal, LONG_MS);
    first.abort();
    assertEquals(late.signal.aborted, false);
    second.abort();
    assertEquals(late.signal.aborted, true);
  }
});

Deno.test("afterSignal() ends after its time, and never without a signal", async () => {
  using late = afterSignal(AbortSignal.abort(), undefined, 1);
  await new Promise((resolve) => late.signal.addEventListener("abort", resolve));
  using calm = afterSignal(undefined, undefined, 1);
  assertEquals(calm.signal.aborted, false);
  using over = afterSignal(undefined, AbortSignal.abort(), LONG_MS);
  assertEquals(over.signal.aborted, true);
});
