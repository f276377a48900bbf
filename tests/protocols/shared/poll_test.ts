import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import type { Clock } from "../../../src/core/clock.ts";
import { TargetError } from "../../../src/core/errors.ts";
import { pollUntil } from "../../../src/protocols/shared/poll.ts";

function fakeClock(): Clock & { readonly pauses: number[] } {
  let now = 0;
  const pauses: number[] = [];
  const sleep = (ms: number) => {
    pauses.push(ms);
    now += ms;
    return Promise.resolve();
  };
  return { pauses, now: () => now, sleep, sleepPrecisely: sleep };
}

Deno.test("pollUntil() asks at once and then with pauses that double to 1 s", async () => {
  const clock = fakeClock();
  let looks = 0;
  await pollUntil(() => Promise.resolve(++looks === 8), "wait", { timeoutMs: 60_000, clock });
  assertEquals(clock.pauses, [50, 100, 200, 400, 800, 1000, 1000]);
});

Deno.test("pollUntil() never waits past its deadline and says what was not done", async () => {
  const clock = fakeClock();
  const never = () => Promise.resolve(false);
  await assertRejects(
    () => pollUntil(never, "download it", { timeoutMs: 1000, clock }),
    TargetError,
    "Cannot download it as it must be done within 1 s",
  );
  assertEquals(clock.now() <= 1000, true);
});

Deno.test("pollUntil() ends with the signal's reason", async () => {
  const reason = new Error("enough");
  const options = { timeoutMs: 1000, clock: fakeClock(), signal: AbortSignal.abort(reason) };
  assertStrictEquals(await assertRejects(() => pollUntil(() => Promise.resolve(false), "wait", options)), reason);
});

Deno.test("pollUntil() waits on while there are signs that it goes on", async () => {
  const clock = fakeClock();
  let signMs = 0;
  const never = () => {
    if (clock.now() < 5000) signMs = clock.now();
    return Promise.resolve(false);
  };
  await assertRejects(
    () => pollUntil(never, "wait", { timeoutMs: 1000, clock, lastSignMs: () => signMs }),
    TargetError,
  );
  assertEquals(clock.now() > 4900 && clock.now() <= signMs + 1000, true, `${clock.now()}`);
});
