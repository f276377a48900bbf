import type { SampleTable } from "../../core/sample.ts";
import type { Picked, PickedAnswer } from "../../core/stream/answer_picks.ts";
import type { StreamRow } from "../../core/stream/stream_row.ts";
import { SampleStore } from "../../load/samples/sample_store.ts";
import type { LoadRun } from "../../load/load_run.ts";
import type { OpenLoopRun } from "../../load/open_loop.ts";
import { useOwnTokens } from "../streams/own_tokens.ts";
import type { Visit } from "./visit.ts";
import { WindowFold } from "./window_fold.ts";
import { withFold } from "./sample_window.ts";

/** A visit as plain data, without its samples and what the client can do elsewhere. */
export type VisitRecord = Omit<Visit, "run" | "ceiling"> & {
  readonly run: Omit<LoadRun, "samples"> | Omit<OpenLoopRun, "samples">;
};

/**
 * A visit without its samples.
 *
 * @param visit What was measured.
 */
export function recordOf(visit: Visit): VisitRecord {
  const { samples: _samples, fold: _fold, ...run } = visit.run;
  const { ceiling: _ceiling, ...rest } = visit;
  return { ...rest, run };
}

/**
 * The visit again, from which the same figures are made.
 *
 * @param record The visit.
 * @param all All of its samples, in the order in which they ended.
 */
export function visitFrom(record: VisitRecord, all: SampleTable): Visit {
  const { windowFrom, windowTo, windowStartMs } = record.run;
  const fold = new WindowFold(record.load.kind === "open" ? "due" : "sent", { limits: record.limits });
  const store = new SampleStore(fold);
  const take = (from: number, to: number, startMs: number | null, inside: boolean) => {
    for (let i = from; i < to; i++) if (store.record(all.row(i))) store.fold(startMs, inside);
    store.fold(startMs, inside);
  };
  take(0, windowFrom, null, false);
  take(windowFrom, windowTo, windowStartMs, true);
  take(windowTo, all.length, windowStartMs, false);
  // Versions that did not ask for a lost server did not say these.
  const untold = { doubt: null, lost: null, outages: [] };
  if (record.run.ownTokens !== undefined) useOwnTokens(store.kept, record.run.ownTokens);
  const { answers } = record.run;
  const told = { ...untold, ...record.run, ...answers === undefined ? {} : { answers: picksFrom(answers) } };
  return { ...record, ceiling: null, run: withFold({ ...told, samples: store.kept }, fold) };
}

/** Answers as they were before they were JSON. */
function picksFrom({ usual, late, stalled }: Picked): Picked {
  return { usual: usual.map(answerFrom), late: late.map(answerFrom), stalled: stalled.map(answerFrom) };
}

/** In JSON a number that is none is `null`, and a column of numbers is an object of its places. */
function answerFrom({ firstByteAt, stream, times: { length, atMs, gapMs }, ...answer }: PickedAnswer): PickedAnswer {
  const column = (numbers: Float64Array) => Float64Array.from(Object.values(numbers));
  const numbers = Object.entries(stream).map(([name, number]) => [name, number ?? NaN]);
  return {
    ...answer,
    firstByteAt: firstByteAt ?? NaN,
    stream: Object.fromEntries(numbers) as StreamRow,
    times: { length, atMs: column(atMs), gapMs: column(gapMs) },
  };
}
