import { systemClock } from "../core/clock.ts";
import { UsageError } from "../core/errors.ts";
import type { Target } from "../core/target.ts";
import { createRequestPool, type RequestPool } from "../load/request_pool.ts";
import { clientCheck, startClientMonitor } from "../observe/client_monitor.ts";
import type { ResultByKind, ResultKind } from "../results/kinds.ts";
import type { ClientCheck, PartialReason, ResultBase } from "../results/result_base.ts";
import { ClientCeiling } from "./client_ceiling.ts";
import { RunWindows } from "./run_windows.ts";
import type { Session, SharedRun } from "./session.ts";
import type { LevelOptions } from "./settings/options.ts";
import { defaultOf } from "./settings/default_of.ts";

/** Fields of a result that its test fills in itself. */
export type Own<R extends ResultBase> = Omit<R, keyof ResultBase>;

/**
 * Makes a test's own figures from what was measured. It may be asked again when other tests of the run have visited the same
 * loads.
 *
 * @param absences Is told why figures are `null`.
 */
export type Summarise<R extends ResultBase> = (absences: Record<string, string>) => Own<R>;

/** A test that has measured. */
export interface Measured<R extends ResultBase> {
  /** Why it holds less than it was asked for, or `null` if it is whole. */
  readonly partial: PartialReason | null;
  /** Its result over all windows of the run so far. */
  result(): R;
}

/**
 * A test: it measures, and says then how its figures are made. One that is part of a run shares the windows of the run.
 *
 * @param target What is measured.
 * @param options The test's options.
 * @param shared What the tests of the run share. @default {a run of its own}
 */
export type Test<K extends ResultKind, Options extends LevelOptions> = (
  target: Target,
  options: Options,
  shared?: SharedRun,
) => Promise<Measured<ResultByKind[K]>>;

/**
 * Runs one test: opens its connections, watches the client, adds what every result has, and closes what it opened.
 * A signal that was aborted gives what was measured so far, marked partial.
 *
 * @param kind The test.
 * @param target What is measured.
 * @param options The test's options.
 * @param shared Of the run that it belongs to; `undefined` for a run of its own.
 * @param body Measures; returns what makes the fields of its own.
 * @returns What makes the whole result.
 */
export async function runSession<K extends ResultKind>(
  kind: K,
  target: Target,
  options: LevelOptions,
  shared: SharedRun | undefined,
  body: (session: Session) => Promise<Summarise<ResultByKind[K]>>,
): Promise<Measured<ResultByKind[K]>> {
  const { value: summarise, base } = await withSession(kind, target, options, shared, body);
  return {
    partial: base.partial,
    result() {
      const absences = { ...base.absences };
      return { ...summarise(absences), ...base, absences } as unknown as ResultByKind[K];
    },
  };
}

/**
 * Opens a session on one server, and closes what it opened.
 *
 * @param kind The test.
 * @param target What is measured.
 * @param options The test's options.
 * @param shared Of the run that it belongs to; `undefined` for a run of its own.
 * @param body Measures.
 * @returns What the body gave, and what every result has.
 */
export async function withSession<T>(
  kind: ResultKind,
  target: Target,
  options: LevelOptions,
  shared: SharedRun | undefined,
  body: (session: Session) => Promise<T>,
): Promise<{ value: T; base: ResultBase }> {
  const session = openSession(kind, target, options, shared);
  const startedAt = new Date().toISOString();
  const monitor = startClientMonitor(session.clock);
  let client: ClientCheck;
  let value: T;
  try {
    value = await body(session);
  } finally {
    client = clientCheck(monitor.stop(session.requests), session.ceiling.lowestPerSecond, null);
    await session.ceiling.close();
    await session.transport.close();
  }
  const { partial, absences, stopping } = session;
  const saved = stopping.fixedMs === 0 ? {} : { stopping };
  return { value, base: { startedAt, elapsedMs: session.elapsedMs(), partial, absences, client, ...saved } };
}

function openSession(kind: ResultKind, target: Target, options: LevelOptions, shared?: SharedRun): Session {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? defaultOf("seed");
  const originMs = clock.now();
  const pools = new Map<number, RequestPool>();
  const spec = options.inputs ?? target.description.input;
  let reported = 0;
  return {
    kind,
    target,
    transport: target.openTransport(),
    options,
    clock,
    seed,
    timeoutMs: options.timeoutMs ?? defaultOf("timeoutMs"),
    windows: shared?.windows ?? new RunWindows(originMs),
    onlooker: shared?.onlooker ?? null,
    partial: options.signal?.aborted ? "interrupted" : null,
    requests: 0,
    stopping: { windowsMs: 0, fixedMs: 0 },
    absences: {},
    ceiling: new ClientCeiling(target),
    elapsedMs: () => clock.now() - originMs,
    pool(batchSize) {
      checkBatchSize(target, batchSize);
      let pool = pools.get(batchSize);
      if (pool === undefined) {
        const priority = options.priority === undefined ? {} : { priority: options.priority };
        pool = createRequestPool(target.protocol, target.model, spec, { batchSize, seed, ...priority });
        pools.set(batchSize, pool);
      }
      return pool;
    },
    progress(stage, fraction, figure) {
      reported = Math.max(reported, Math.min(1, fraction));
      options.onProgress?.({ test: kind, stage, fraction: reported, ...(figure === undefined ? {} : { figure }) });
    },
  };
}

function checkBatchSize({ model, description, protocol }: Target, batchSize: number): void {
  if (batchSize === 1 || description.maxBatchSize !== 1) return;
  const hint = protocol.serverBatch === undefined
    ? "Use a batch size of 1."
    : "Its server makes batches by itself: the throughput test has it make batches of each size.";
  throw new UsageError(
    `Cannot send a batch as "${model}" must take several items in a request: it takes one, asked for are ${batchSize}`,
    { hint },
  );
}
