import { systemClock } from "../core/clock.ts";
import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import { trulyRandom } from "../core/random.ts";
import type { Target } from "../core/target.ts";
import { NO_REQUESTS } from "../load/requests/no_requests.ts";
import { RunRequests } from "../load/requests/run_requests.ts";
import { type ClientFigures, startClientMonitor } from "../observe/client_monitor.ts";
import { ServerHold } from "../load/server/server_hold.ts";
import type { ResultByKind, ResultKind, TestResult } from "../results/kinds.ts";
import type { PartialReason, ResultBase } from "../results/result_base.ts";
import type { LevelShift } from "../results/window/level_shift.ts";
import { ceilingFigures } from "./ceiling_rate.ts";
import { ClientCeiling } from "./client_ceiling.ts";
import { controlled, controlOf } from "./control/server_control.ts";
import { noteLoss } from "./loss/note_run_end.ts";
import { observeGpu } from "./gpu/observe_gpu.ts";
import { sharedCores } from "./is_here.ts";
import { requestOptionsOf } from "./request_options.ts";
import { RunWindows } from "./run_windows.ts";
import type { Ceiling, Session, SharedRun } from "./session.ts";
import type { LevelOptions } from "./settings/options.ts";
import { defaultOf } from "./settings/default_of.ts";
import { checkStreamed } from "./streams/check_streamed.ts";
import { unlikeItems } from "./unlike_items.ts";

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
  const { value: summarise, base, ceiling } = await withSession(kind, target, options, shared, body);
  return { partial: base.partial, result: () => resultOf(summarise, base, ceiling) };
}

function resultOf<R extends ResultBase>(summarise: Summarise<R>, base: ResultBase, ceiling: Ceiling): R {
  const absences = { ...base.absences };
  // A later test of the run may have reached more.
  const client = { ...base.client, ...ceilingFigures(ceiling.lowest) };
  return { ...summarise(absences), ...base, client, absences } as unknown as R;
}

/**
 * Opens a session on one server, and closes what it opened.
 *
 * @param kind The test.
 * @param target What is measured.
 * @param options The test's options.
 * @param shared Of the run that it belongs to; `undefined` for a run of its own.
 * @param body Measures.
 * @param startedAtMs When the run began, by the clock, where it has another session beside this one. @default {now}
 * @returns What the body gave, what every result has, and the ceiling of the client, which later tests may still correct.
 */
export async function withSession<T>(
  kind: ResultKind,
  target: Target,
  options: LevelOptions,
  shared: SharedRun | undefined,
  body: (session: Session) => Promise<T>,
  startedAtMs?: number,
): Promise<{ value: T; base: ResultBase; ceiling: Ceiling }> {
  checkStreamed(target, options);
  await using gpu = shared === undefined ? await observeGpu(target, options) : null;
  const cores = await sharedCores(target, options);
  const beganMs = startedAtMs ?? (options.clock ?? systemClock).now();
  const { windows = new RunWindows(beganMs, gpu ?? undefined), onlooker = null } = shared ?? {};
  const session = openSession(kind, target, options, { sharedCores: cores, windows, onlooker });
  const startedAt = new Date().toISOString();
  const monitor = startClientMonitor(session.clock);
  session.keep = async (summarise) => {
    await monitor.without(async () => {
      const base = () => ({
        ...baseOf(session, startedAt, monitor.look(session.requests)),
        partial: "interrupted" as const,
      });
      await shared?.keep?.(
        kind,
        () => resultOf(summarise as Summarise<TestResult>, base(), session.ceiling) as TestResult,
      );
    });
  };
  let figures: ClientFigures;
  let value: T;
  try {
    value = await body(session);
  } finally {
    figures = monitor.stop(session.requests);
    await session.ceiling.close();
    await session.transport.close();
  }
  const { lost, control: { silence }, clock } = session;
  // One that was given up over a question was not lost in a run.
  if (lost === null && silence !== null) {
    noteLoss(session, { atMs: windows.since(clock.now()), reason: silence, failed: 0 });
  }
  return { value, base: baseOf(session, startedAt, figures), ceiling: session.ceiling };
}

/** What every result has, as far as the test has come. */
function baseOf(session: Session, startedAt: string, figures: ClientFigures): ResultBase {
  const { threadShare: _, starvedShare: __, ...client } = figures;
  const { partial, lost, outages, stopping, windows, shifts, transport } = session;
  const resentRequests = (transport.resentRequests ?? 0) + session.resentElsewhere;
  const limits = windows.requests?.limits ?? null;
  return {
    startedAt,
    elapsedMs: session.elapsedMs(),
    partial,
    ...(lost === null ? {} : { lost }),
    ...(outages.length === 0 ? {} : { outages }),
    absences: limits === null ? session.absences : { ...session.absences, inputs: limits },
    client: { ...client, ...ceilingFigures(session.ceiling.lowest), limited: session.clientLimits.size > 0 },
    ...(resentRequests === 0 ? {} : { resentRequests }),
    ...(stopping.fixedMs === 0 ? {} : { stopping: { ...stopping } }),
    ...(shifts.length === 0
      ? {}
      : { shifts: shifts.map((shift) => windows.isCold(shift.load) ? notAgain(shift) : shift) }),
  };
}

/** A shift whose load was to be measured again, and was not. */
function notAgain({ again: _, ...shift }: LevelShift): LevelShift {
  return shift;
}

function openSession(
  kind: ResultKind,
  given: Target,
  options: LevelOptions,
  { sharedCores, windows, onlooker }: Pick<Session, "sharedCores" | "windows" | "onlooker">,
): Session {
  const target = controlled(given, options);
  const control = controlOf(target);
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? defaultOf("seed");
  const originMs = clock.now();
  const requests = windows.requests ??= requestsOf(target, options, seed);
  let reported = 0, last = "";
  let partial: PartialReason | null = options.signal?.aborted ? "interrupted" : null;
  if (options.respectRetryAfter) windows.hold ??= new ServerHold(clock);
  const session: Session = {
    kind,
    target,
    control,
    transport: target.openTransport(),
    options,
    clock,
    seed,
    timeoutMs: options.timeoutMs ?? defaultOf("timeoutMs"),
    windows,
    onlooker,
    get partial() {
      return partial ?? (control.isSilent ? options.signal?.aborted ? "interrupted" : "target-lost" : null);
    },
    set partial(reason) {
      partial = reason;
    },
    lost: null,
    outages: [],
    requests: 0,
    resentElsewhere: 0,
    stopping: { windowsMs: 0, fixedMs: 0 },
    shifts: [],
    absences: {},
    ceiling: new ClientCeiling(target, windows.ceilings),
    sharedCores,
    clientLimits: new Set(),
    elapsedMs: () => clock.now() - originMs,
    keep: () => Promise.resolve(),
    async prepare(batchSizes) {
      const before = last;
      for (const batchSize of batchSizes) checkBatchSize(target, batchSize);
      try {
        await requests.prepare(batchSizes, {
          ...(options.signal === undefined ? {} : { signal: options.signal }),
          onProgress: (share) => session.progress(`making inputs, ${Math.floor(100 * share)} %`, 0),
        });
        if (last !== before && before !== "") session.progress(before, 0);
      } catch (error) {
        if (!options.signal?.aborted) throw error;
        session.partial ??= "interrupted";
      }
    },
    async pool(batchSize) {
      await session.prepare([batchSize]);
      return session.partial === "interrupted" ? NO_REQUESTS : requests.pool(batchSize);
    },
    poolFor(load) {
      const words = load.kind === "closed" ? load.promptWords : undefined;
      return words === undefined ? session.pool(load.batchSize) : Promise.resolve(requests.prompts(words));
    },
    progress(stage, fraction, figure) {
      last = stage;
      reported = Math.max(reported, Math.min(1, fraction));
      options.onProgress?.({ test: kind, stage, fraction: reported, ...(figure === undefined ? {} : { figure }) });
    },
    waits(stage) {
      const wait = stage === null ? { stage: last } : { stage, waits: true as const };
      options.onProgress?.({ test: kind, fraction: reported, ...wait });
    },
  };
  if (windows.hold !== undefined) {
    windows.hold.onHold = (ms) => session.progress(`waiting ${Math.ceil(ms / 1000)} s as the server asked`, 0);
  }
  return session;
}

/** What a run sends. */
function requestsOf(target: Target, options: LevelOptions, seed: number): RunRequests {
  const { protocol, model, description } = target;
  const { inputs: spec = description.input, repeatInputs: repeat = false, workers } = options;
  return new RunRequests({
    protocol,
    model,
    spec,
    seed,
    repeat,
    // Not from the seed: the answers to a run of before may be kept still.
    origin: Math.floor(trulyRandom() * MOST_ORIGIN),
    ...requestOptionsOf(target, options),
    ...(workers === undefined ? {} : { share: { part: 0, parts: workers.most + 1 } }),
  });
}

/** As many items as markers can tell apart. */
const MOST_ORIGIN = 2 ** 32;

function checkBatchSize({ model, description, protocol }: Target, batchSize: number): void {
  const unlike = unlikeItems(description);
  if (batchSize > 1 && unlike !== null) {
    throw new UsageError(`Cannot send a batch of ${batchSize} as its items must be of one shape: ${unlike}`, {
      hint: naming`Use ${option("batchSize", 1)}, or give items of one shape.`,
    });
  }
  if (batchSize === 1 || description.maxBatchSize !== 1) return;
  const hint = description.batchHint !== undefined
    ? description.batchHint
    : description.sequence !== undefined
    ? "A request of a sequence holds one item."
    : protocol.itemForm?.(model).kind === "tensors"
    ? naming`Use a batch size of 1, or ${option("batched: true")} where its first dimension is a batch all the same.`
    : protocol.serverBatch === undefined
    ? "Use a batch size of 1."
    : "Its server makes batches by itself: the throughput test has it make batches of each size.";
  throw new UsageError(
    `Cannot send a batch as "${model}" must take several items in a request: it takes one, asked for are ${batchSize}`,
    { hint },
  );
}
