import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
import { inWords } from "../../../src/core/option_words.ts";
import { checkBytesInFlight, MOST_BYTES_IN_FLIGHT } from "../../../src/measure/settings/caps.ts";
import { checkOptions } from "../../../src/measure/settings/check_options.ts";

const dense = Array.from({ length: 1_000_001 }, (_, i) => i / 1001);

Deno.test("what is above a cap is refused with what lifts it, and taken with that", () => {
  const cases: readonly (readonly [options: object, message: string])[] = [
    [{ concurrency: 4097 }, '"concurrency" must be at most 4096: current value is 4097'],
    [{ levels: [1, 65_535] }, '"levels" must be at most 4096: current value is 65535'],
    [{ maxConnections: 5000 }, '"maxConnections" must be at most 4096'],
    [{ ratePerSecond: 1_000_001 }, '"ratePerSecond" must be at most 1000000: current value is 1000001'],
    [{ rates: [10, 2e6] }, '"rates" must be at most 1000000: current value is 2000000'],
    [{ ramp: { fromPerSecond: 2e6, toPerSecond: 1 } }, '"ramp" must be at most 1000000'],
    [{ traceMs: dense }, '"traceMs" must ask for at most 1000000 requests per second'],
  ];
  for (const [options, message] of cases) {
    const error = assertThrows(() => checkOptions(options), UsageError, message);
    assertEquals(inWords(error.words.hint!).includes("heavyLoad"), true);
    checkOptions({ ...options, heavyLoad: true });
  }
  checkOptions({ concurrency: 4096, maxConnections: 4096, traceMs: dense.slice(1) });
});

Deno.test("no leave takes more than there can be", () => {
  assertThrows(() => checkOptions({ concurrency: 65_536, heavyLoad: true }), UsageError);
  assertThrows(() => checkOptions({ batchSize: 4097, heavyLoad: true }), UsageError);
});

Deno.test("requests on their way at once are bounded by their bytes", () => {
  checkBytesInFlight(1024, MOST_BYTES_IN_FLIGHT / 1024);
  assertThrows(
    () => checkBytesInFlight(32, 40 * 2 ** 20),
    UsageError,
    "at most 1 GiB of requests may be on their way at once: 32 of 40.0 MiB each are 1.3 GiB",
  );
});
