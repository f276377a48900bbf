import { assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { UtilizationPeriod } from "../../../src/observe/gpu/utilization_period.ts";

const device = (name: string, index = 0) => ({
  index,
  name,
  uuid: null,
  totalBytes: null,
  maxSmClockMhz: null,
  driver: null,
});
const untold = { usedBytes: null, powerWatts: null, smClockMhz: null, throttledBy: null, temperatureCelsius: null };
const readingsOf = (...percents: readonly (number | null)[]) =>
  percents.map((utilizationPercent) => ({ ...untold, utilizationPercent }));

/** What is known after a while of devices whose values are of their last period, read every 50 ms, some of them late. */
function seen(names: readonly string[], at: (period: number) => readonly (number | null)[], periodMs: number): number {
  const period = new UtilizationPeriod({ utilizationPeriodMs: 1000 }, names.map(device));
  for (let i = 0; i < 100; i++) {
    const atMs = 50 * i + (i % 7 === 3 ? 40 : 0);
    period.saw(readingsOf(...at(Math.floor(atMs / periodMs))), atMs);
  }
  return period.beforeMs;
}

Deno.test("UtilizationPeriod finds how long a driver counts, and never less, by two changes of a value", () => {
  for (const periodMs of [167, 200, 500]) {
    const beforeMs = seen(["H200"], (period) => [10 + period % 3], periodMs);
    assertGreaterOrEqual(beforeMs, 2 * periodMs);
    assertLess(beforeMs, 2 * (periodMs + 100));
  }
});

Deno.test("UtilizationPeriod goes by the documentation where values do not change, once only, or are not told", () => {
  assertEquals(seen(["H200"], () => [0], 200), 2000);
  assertEquals(seen(["H200"], (period) => [period < 4 ? 0 : 100], 200), 2000);
  assertEquals(seen(["H200"], () => [null], 200), 2000);
  assertEquals(seen(["H200"], (period) => [period], 1300), 2000, "never more than that");
});

Deno.test("UtilizationPeriod takes a device that rests for one like its neighbours, unless it is another product", () => {
  const one = (period: number) => [period % 3, 0];
  assertLess(seen(["H200", "H200"], one, 200), 600);
  assertEquals(seen(["H200", "T4"], one, 200), 2000);
});

Deno.test("UtilizationPeriod says nothing of a source of which nobody knows it", () => {
  assertEquals(new UtilizationPeriod({}, [device("MI300X")]).beforeMs, 0);
});
