import { type Clock, systemClock } from "../core/clock.ts";
import { defaultOf } from "./settings/default_of.ts";
import type { LevelOptions } from "./settings/options.ts";
import { UsageError } from "../core/errors.ts";
import type { Absences, ClientCheck, PartialReason, ResultBase } from "../results/result.ts";
import type { Progress, ProgressFigure } from "../results/progress.ts";
import type { Target } from "../core/target.ts";
import type { Transport } from "../core/transport.ts";
import { ClientCeiling } from "./client_ceiling.ts";
import { createRequestPool, type RequestPool } from "../load/request_pool.ts";
import { clientCheck, startClientMonitor } from "../observe/client_monitor.ts";

/** What the steps of one test share. */
export interface Session {
  /** What is measured. */
  readonly target: Target;
  /** The test's own connections. */
  readonly transport: Transport;
  /** Options as given. */
  readonly options: LevelOptions;
  /** Source of time. */
  readonly clock: Clock;
  /** Seed of everything random. */
  readonly seed: number;
  /** Deadline of one request, ms. */
  readonly timeoutMs: number;
  /** Why the test must end early, or `null` while it may go on. */
  partial: PartialReason | null;
  /** Requests sent so far, for the client's check. */
  requests: number;
  /** Length of the windows that could end by precision, and of their bounds, ms. */
  readonly stopping: { windowsMs: number; fixedMs: number };
  /** Reasons for fields that are `null`. */
  readonly absences: Record<string, string>;
  /** Ms since the test began. */
  elapsedMs(): number;
  /** Different requests of one batch size, the same each time. */
  pool(batchSize: number): RequestPool;
  /** What this client can do at most. */
  readonly ceiling: ClientCeiling;
  /** Tells how far the test is, and what has just been measured; a fraction that falls is held at its highest. */
  progress(stage: string, fraction: number, figure?: ProgressFigure): void;
}

/** Fields of a result that its test fills in itself. */
type Own<R extends ResultBase> = Omit<R, keyof ResultBase>;

/**
 * Runs one test: opens its connections, watches the client, adds what every result has, and closes what it opened.
 * A signal that was aborted gives what was measured so far, marked partial.
 *
 * @param kind The test.
 * @param target What is measured.
 * @param options The test's options.
 * @param body Measures; returns the fields of its own.
 * @returns The whole result.
 */
export async function runSession<R extends ResultBase>(
  kind: Progress["test"],
  target: Target,
  options: LevelOptions,
  body: (session: Session) => Promise<Own<R>>,
): Promise<Own<R> & ResultBase> {
  const session = openSession(kind, target, options);
  const startedAt = new Date().toISOString();
  const monitor = startClientMonitor(session.clock);
  let client: ClientCheck;
  let own: Own<R>;
  try {
    own = await body(session);
  } finally {
    client = clientCheck(monitor.stop(session.requests), session.ceiling.lowestPerSecond, null);
    await session.ceiling.close();
    await session.transport.close();
  }
  const absences: Absences = session.absences;
  const stopping = session.stopping.fixedMs === 0 ? {} : { stopping: session.stopping };
  return { ...own, startedAt, elapsedMs: session.elapsedMs(), partial: session.partial, absences, client, ...stopping };
}

function openSession(kind: Progress["test"], target: Target, options: LevelOptions): Session {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? defaultOf("seed");
  const originMs = clock.now();
  const pools = new Map<number, RequestPool>();
  const spec = options.inputs ?? target.description.input;
  let reported = 0;
  return {
    target,
    transport: target.openTransport(),
    options,
    clock,
    seed,
    timeoutMs: options.timeoutMs ?? defaultOf("timeoutMs"),
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
