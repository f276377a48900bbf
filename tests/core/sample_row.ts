import type { SampleRow } from "../../src/core/sample.ts";

/**
 * A success that was due and sent at 0, with what a test says of it.
 *
 * @param given Moments and times that matter to the test.
 */
export function sampleRow(given: Partial<SampleRow>): SampleRow {
  const none = { writtenAt: NaN, firstByteAt: NaN, serverMs: NaN, judgingMs: 0 };
  return { scheduledAt: 0, sentAt: 0, endedAt: 0, ...none, result: "success", ...given };
}
