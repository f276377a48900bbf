import { THROTTLE_REASONS } from "../../results/window/gpu_use.ts";
import type { Window } from "../../results/window/window.ts";
import { WINDOW_FIGURES } from "../../results/window/window_figures.ts";
import type { CsvRow, CsvRows } from "./csv_row.ts";
import { snakeCase } from "./snake_case.ts";

/** What a window counts or says beside its figures. */
const PLAIN: readonly (readonly [
  metric: string,
  unit: string,
  read: (window: Window) => number | boolean | null | undefined,
])[] = [
  ["concurrency", "requests", ({ load }) => load.kind === "closed" ? load.concurrency : null],
  ["batch_size", "items", ({ load }) => load.batchSize],
  ["server_batch_size", "items", ({ load }) => load.kind === "closed" ? load.serverBatchSize : null],
  ["prompt_words", "words", ({ load }) => load.kind === "closed" ? load.promptWords : null],
  ["offered_rate", "requests/s", ({ offeredPerSecond }) => offeredPerSecond],
  ["saturated", "", ({ saturated }) => saturated],
  ["converged", "", ({ converged }) => converged],
  ["server_lost", "", ({ lost }) => lost === undefined ? null : true],
  ["server_lost_at", "ms", ({ lost }) => lost?.atMs],
  ["cut_short", "", ({ cutShort }) => cutShort],
  ["client_limited", "", ({ clientLimited }) => clientLimited],
  ["client_cpu", "cores", ({ clientUse }) => clientUse?.cpuShare],
  ["client_thread_busy", "share", ({ clientUse }) => clientUse?.threadShare],
  ["client_starved", "share", ({ clientUse }) => clientUse?.starvedShare],
  ["client_writing", "share", ({ clientUse }) => clientUse?.writingShare],
  ["client_reading", "share", ({ clientUse }) => clientUse?.readingShare],
  ["client_judging", "share", ({ clientUse }) => clientUse?.judgingShare],
  ["client_between", "share", ({ clientUse }) => clientUse?.betweenShare],
  ["client_lag_p99", "ms", ({ clientUse }) => clientUse?.lagP99Ms],
  ["client_ceiling", "requests/s", ({ clientUse }) => clientUse?.ceilingPerSecond],
  ["duration", "ms", ({ durationMs }) => durationMs],
  ["gpu_idle_power", "W", ({ gpu }) => gpu?.idlePowerWatts],
  ["gpu_sm_clock", "MHz", ({ gpu }) => gpu?.smClockMhz],
  ["gpu_max_sm_clock", "MHz", ({ gpu }) => gpu?.maxSmClockMhz],
  ["gpu_throttled", "share", ({ gpu }) => gpu?.throttledShare],
  ...THROTTLE_REASONS.map((reason) =>
    [`gpu_throttled_by_${reason}`, "share", ({ gpu }: Window) => gpu?.throttledBy[reason]] as const
  ),
  ["gpu_temperature", "celsius", ({ gpu }) => gpu?.temperatureCelsius],
  ["gpu_memory", "bytes", ({ gpu }) => gpu?.usedBytes],
  ["gpu_process_memory", "bytes", ({ gpu }) => gpu?.processBytes],
  ["gpu_readings", "readings", ({ gpu }) => gpu?.readings],
  ["first_token_server", "ms", ({ firstTokenParts }) => firstTokenParts?.serverMs],
  ["first_token_server_queue", "ms", ({ firstTokenParts }) => firstTokenParts?.queueMs],
  ["first_token_server_prefill", "ms", ({ firstTokenParts }) => firstTokenParts?.prefillMs],
  ["first_token_difference", "ms", ({ firstTokenParts }) => firstTokenParts?.differenceMs.value],
  ["executions", "executions", ({ server }) => server?.executions],
  ["requests", "requests", ({ requests }) => requests],
  ["succeeded", "requests", ({ succeeded }) => succeeded],
  ["failed", "requests", ({ failed }) => failed],
  ["cancelled", "requests", ({ cancelled }) => cancelled],
  ["due", "requests", ({ due }) => due],
  ["unanswered", "requests", ({ unanswered }) => unanswered],
  ["most_outstanding", "requests", ({ mostOutstanding }) => mostOutstanding],
];

/** What the figures of streamed answers rest on. */
function streamRows(rows: CsvRows, { streams }: Window): CsvRow[] {
  if (streams === undefined) return [];
  const { answers, tokenSources, finishes, refusedCounts, singles, chunks, reads } = streams;
  return [
    ...rows.plain("streamed_answers", "requests", answers),
    ...Object.entries(tokenSources).flatMap(([source, count]) =>
      rows.plain(`tokens_counted_by_${snakeCase(source)}`, "requests", count)
    ),
    ...rows.plain("token_counts_refused", "requests", refusedCounts),
    ...rows.plain("answers_of_one_token_a_chunk", "requests", singles),
    ...Object.entries(finishes).flatMap(([finish, count]) =>
      rows.plain(`finished_by_${snakeCase(finish)}`, "requests", count)
    ),
    ...rows.plain("chunks", "chunks", chunks),
    ...rows.plain("chunk_reads", "reads", reads),
  ];
}

/**
 * Rows of one measured window: every figure, then its counts, its failures by reason, and what it says by yes or no.
 *
 * @param rows Makes rows about its level.
 * @param window What was measured.
 */
export function windowRows(rows: CsvRows, window: Window): CsvRow[] {
  return [
    ...rows.figures(WINDOW_FIGURES, window),
    ...PLAIN.flatMap(([metric, unit, read]) => rows.plain(metric, unit, read(window))),
    ...Object.entries(window.failuresByReason).flatMap(([reason, count]) =>
      rows.plain(`failed_${snakeCase(reason)}`, "requests", count)
    ),
    ...streamRows(rows, window),
  ];
}
