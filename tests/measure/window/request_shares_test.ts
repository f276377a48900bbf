import { assertAlmostEquals, assertEquals } from "@std/assert";
import { SampleTable } from "../../../src/core/sample.ts";
import type { LoadRun } from "../../../src/load/load_run.ts";
import { requestShares } from "../../../src/measure/window/request_shares.ts";
import { WindowFold } from "../../../src/measure/window/window_fold.ts";
import { sampleRow } from "../../core/sample_row.ts";
import { streamRow } from "../../core/stream/stream_row.ts";

const closed = (concurrency: number) => ({ kind: "closed", concurrency, batchSize: 1 }) as const;

/** A run whose window takes the samples that end in [0, 100) ms. */
function runOf(...rows: readonly Parameters<typeof sampleRow>[0][]): LoadRun {
  const samples = new SampleTable();
  for (const row of rows) samples.record(sampleRow(row));
  const windowTo = rows.findLastIndex(({ endedAt = 0 }) => endedAt <= 100) + 1;
  return {
    samples,
    recorded: samples.length,
    warmUpRequests: 0,
    windowStartMs: 0,
    windowEndMs: 100,
    windowFrom: 0,
    windowTo,
    cancelled: 0,
    endReason: "requests",
    doubt: null,
    lost: null,
    outages: [],
    failureExamples: {},
  };
}

Deno.test("requestShares() shares the time of requests out among handing over, reading and judging", () => {
  const { writingShare, readingShare, judgingShare } = requestShares(
    closed(1),
    runOf(
      { sentAt: 0, writtenAt: 20, firstByteAt: 32, endedAt: 38, judgingMs: 2 },
      { sentAt: 40, writtenAt: 50, firstByteAt: 58, endedAt: 60, judgingMs: 0 },
    ),
  );
  assertAlmostEquals(writingShare!, 30 / 60, 1e-9);
  assertAlmostEquals(readingShare!, 8 / 60, 1e-9);
  assertAlmostEquals(judgingShare!, 2 / 60, 1e-9);
});

Deno.test("requestShares() knows no share of what the transport does not tell", () => {
  const shares = requestShares(closed(1), runOf({ sentAt: 0, endedAt: 50 }));
  assertEquals([shares.writingShare, shares.readingShare, shares.judgingShare], [null, null, null]);
});

Deno.test("requestShares() leaves out the reading of streamed answers, which the server's writing takes", () => {
  const times = { sentAt: 0, writtenAt: 10, firstByteAt: 20, endedAt: 100 };
  const { writingShare, readingShare } = requestShares(
    closed(1),
    runOf({ ...times, stream: streamRow({ firstTokenAt: 20 }) }),
  );
  assertEquals([writingShare, readingShare], [0.1, null]);
});

Deno.test("requestShares() counts the time in which a lane has no request, whatever the window's ends cut", () => {
  const { betweenShare } = requestShares(
    closed(2),
    runOf(
      // One lane sent before the window and goes on beyond it: never without a request.
      { sentAt: -30, firstByteAt: 49, endedAt: 50 },
      // The other waits for 20 of 100 ms, judging apart.
      { sentAt: 0, firstByteAt: 59, endedAt: 60, judgingMs: 10 },
      { sentAt: 90, firstByteAt: 99, endedAt: 100 },
      { sentAt: 50, firstByteAt: 149, endedAt: 150 },
    ),
  );
  assertAlmostEquals(betweenShare!, 20 / 200, 1e-9);
});

Deno.test("requestShares() takes the time between requests from the samples that a run keeps, where it keeps the first alone", () => {
  const kept = runOf({ sentAt: 0, endedAt: 4 }, { sentAt: 0, endedAt: 10 }, { sentAt: 11, endedAt: 20 });
  const later = new SampleTable(), fold = new WindowFold("sent");
  later.record(sampleRow({ sentAt: 21, endedAt: 30 }));
  // The other lane waits for an answer: it is not idle.
  later.record(sampleRow({ sentAt: 5, endedAt: 60 }));
  fold.fold(later, 0, true);
  const run = { ...kept, recorded: 5, windowEndMs: 5000 };
  assertAlmostEquals(requestShares(closed(2), { ...run, fold }).betweenShare!, 2 / 40, 1e-9);
  assertEquals(requestShares(closed(2), run).betweenShare, null, "nobody knows what was outstanding");
});

Deno.test("requestShares() blames no lane for its rest after a failed connection", () => {
  const { betweenShare } = requestShares(
    closed(1),
    runOf({ endedAt: 10, result: "reset" }, { sentAt: 60, endedAt: 70 }),
  );
  assertEquals(betweenShare, null);
});
