import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import type { StreamRow } from "../../../src/core/stream/stream_row.ts";
import { STREAM_NUMBERS } from "../../../src/core/stream/stream_row.ts";
import { tokenRates } from "../../../src/measure/streams/token_rates.ts";

const BLANK = Object.fromEntries(STREAM_NUMBERS.map((name) => [name, NaN])) as StreamRow;

/** Streams of 10 tokens, one every 10 ms, that begin one behind the other. */
function table(
  count: number,
  stream: Partial<StreamRow> = {},
  result: "success" | "cancelled" | "timeout" = "success",
) {
  const samples = new SampleTable();
  for (let i = 0; i < count; i++) {
    const firstTokenAt = 100 * i + 10, lastTokenAt = firstTokenAt + 90;
    const times = { scheduledAt: 100 * i, sentAt: 100 * i, writtenAt: NaN, firstByteAt: NaN, endedAt: lastTokenAt };
    const row = { ...BLANK, firstTokenAt, lastTokenAt, outputTokens: 10, firstTokens: 1, promptTokens: 5, chunks: 10 };
    samples.record({ ...times, serverMs: NaN, judgingMs: 0, result, stream: { ...row, ...stream } });
  }
  return samples;
}

Deno.test("tokenRates() counts tokens when they came, also of answers that the window cut", () => {
  const samples = table(100);
  const { outputTokensPerSecond, promptTokensPerSecond } = tokenRates([{
    samples,
    startMs: 2050,
    endMs: 8050,
    isWhole: true,
  }]);
  assertAlmostEquals(outputTokensPerSecond!.value, 100, 1);
  assertAlmostEquals(promptTokensPerSecond!.value, 50, 1);
  assertEquals(outputTokensPerSecond!.n, 61);
});

Deno.test("tokenRates() takes what is known of whole answers for those that were cut off, and nothing of failures", () => {
  const window = { startMs: 0, endMs: 10_000, isWhole: true };
  const mixed = table(100);
  mixed.record(table(1, { outputTokens: NaN, firstTokens: NaN, promptTokens: NaN }, "cancelled").row(0));
  const { outputTokensPerSecond, promptTokensPerSecond } = tokenRates([{ samples: mixed, ...window }]);
  assertAlmostEquals(outputTokensPerSecond!.value, 101, 0.2);
  assertAlmostEquals(promptTokensPerSecond!.value, 50.5, 0.1);
  assertEquals(tokenRates([{ samples: table(5, {}, "timeout"), ...window }]), {});
  assertEquals(
    tokenRates([{ samples: table(5, { outputTokens: NaN, firstTokens: NaN }), ...window }]).outputTokensPerSecond,
    null,
  );
});

Deno.test("tokenRates() says nothing where no answer was streamed", () => {
  const samples = new SampleTable();
  samples.record({
    scheduledAt: 0,
    sentAt: 0,
    writtenAt: 0,
    firstByteAt: 1,
    endedAt: 2,
    serverMs: NaN,
    judgingMs: 0,
    result: "success",
  });
  assertEquals(tokenRates([{ samples, startMs: 0, endMs: 10, isWhole: true }]), {});
});

Deno.test("tokenRates() gives no interval of a few answers, and no rate below 0", () => {
  const rates = (count: number, endMs: number) =>
    tokenRates([{ samples: table(count), startMs: 0, endMs, isWhole: true }]).promptTokensPerSecond!;
  assertEquals([rates(1, 100).low, rates(1, 100).high], [null, null]);
  const { low } = rates(6, 60_000);
  assert(low !== null && low >= 0, String(low));
});
