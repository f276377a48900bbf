import { UsageError } from "../../core/errors.ts";
import { naming, option, type OptionWords } from "../../core/option_words.ts";
import type { SettingKey, SettingValue } from "./setting.ts";
import { SETTINGS } from "./settings.ts";

/** Most bytes of requests that may be on their way at once, unless heavy load is allowed. */
export const MOST_BYTES_IN_FLIGHT = 2 ** 30;

/** What lifts every cap. */
const LIFTED: OptionWords = naming`If the server and all who share it can bear that, add ${option("heavyLoad")}.`;

/**
 * Refuses what is above the cap of a setting. It is within its bounds.
 *
 * @param key Which setting.
 * @param value What it may be.
 * @param found What was given.
 * @throws {UsageError} Naming the cap and what lifts it.
 */
export function checkCap(key: SettingKey, value: SettingValue, found: unknown): void {
  if (!("cap" in value) || value.cap === undefined) return;
  const { cap } = value;
  const given = typeof found === "object" && found !== null ? Object.values(found) : [found];
  const above = given.find((each) => (each as number) > cap);
  if (above === undefined) return;
  throw new UsageError(
    naming`Cannot start the test as "${option(key)}" must be at most ${cap}: current value is ${above}`,
    { hint: LIFTED },
  );
}

/**
 * Refuses a trace that holds more requests within a second than a rate may have.
 *
 * @param traceMs Its moments, ascending, ms; `undefined` without a trace.
 * @throws {UsageError} Naming the cap and what lifts it.
 */
export function checkTraceCap(traceMs: unknown): void {
  const { cap } = SETTINGS.ratePerSecond.value;
  if (!Array.isArray(traceMs)) return;
  for (let last = cap; last < traceMs.length; last++) {
    if (traceMs[last] - traceMs[last - cap] >= 1000) continue;
    throw new UsageError(
      naming`Cannot start the test as "${
        option("traceMs")
      }" must ask for at most ${cap} requests per second: it asks for more`,
      { hint: LIFTED },
    );
  }
}

/**
 * Refuses requests that are too large for so many of them at once.
 *
 * @param requests Requests on their way at once.
 * @param bytes Bytes of one.
 * @throws {UsageError} Naming the cap and what lifts it.
 */
export function checkBytesInFlight(requests: number, bytes: number): void {
  if (requests * bytes <= MOST_BYTES_IN_FLIGHT) return;
  const gibibytes = (bytes: number) => `${Number((bytes / 2 ** 30).toFixed(1))} GiB`;
  throw new UsageError(
    `Cannot start the test as at most ${gibibytes(MOST_BYTES_IN_FLIGHT)} of requests may be on their way at once: ` +
      `${requests} of ${(bytes / 2 ** 20).toFixed(1)} MiB each are ${gibibytes(requests * bytes)}`,
    { hint: LIFTED },
  );
}
