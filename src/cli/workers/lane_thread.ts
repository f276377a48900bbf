import { type Clock, systemClock } from "../../core/clock.ts";
import { TargetError } from "../../core/errors.ts";
import type { InputSpec, JsonValue } from "../../core/model_input.ts";
import type { Asked, EncodeOptions } from "../../core/protocol.ts";
import { jsonText } from "../../items/exact/json_text.ts";
import { dealtArrivals } from "../../load/arrivals.ts";
import { copyOfTimes } from "../../core/stream/answer_picks.ts";
import type { ChunkTimes } from "../../core/stream/chunk_times.ts";
import type { Attempt } from "../../load/lane_attempt.ts";
import type { RequestPool } from "../../load/requests/request_pool.ts";
import { RowWriter, transferOf } from "../../load/samples/row_block.ts";
import { isOpenRun, type Issue, runLoad } from "../../load/run_load.ts";
import { MOST_BYTES, RunRequests } from "../../load/requests/run_requests.ts";
import { ServerHold } from "../../load/server/server_hold.ts";
import type { ShareEnd, ShareNews } from "../../load/shared_run.ts";
import { arrivalsOf } from "../../measure/window/arrivals_of.ts";
import { type ClientFigures, startClientMonitor, type WatchedSpan } from "../../observe/client_monitor.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import { connectServer, type ConnectServerOptions, type ServerConnection } from "../../protocols/connect_server.ts";
import { UnknownInputError } from "../../protocols/shared/unknown_input_error.ts";
import type { Load } from "../../results/window/load.ts";
import { workerScope } from "../../core/process/worker_scope.ts";

const scope = workerScope<ThreadCommand>();

/** The server that a thread connects to: as its own process would. */
export interface ThreadServer {
  readonly url: string;
  readonly how: ConnectServerOptions;
  readonly model: string;
  readonly inputs: InputSpec;
}

/** One thread's share of a run. */
export interface ThreadShare {
  readonly load: Load;
  readonly part: number;
  readonly parts: number;
  /** All threads, of which some may have no part in this run. */
  readonly threads: number;
  readonly asked: Asked;
  readonly timeoutMs: number;
  readonly durationMs: number;
  readonly seed: number;
  readonly repeat: boolean;
  readonly respectRetryAfter: boolean;
  readonly origin: number;
  readonly encodeOptions: EncodeOptions;
  readonly traceMs?: readonly number[];
}

/** What a thread is told. */
export type ThreadCommand =
  | { readonly kind: "open"; readonly server: ThreadServer }
  | { readonly kind: "prepare"; readonly share: ThreadShare }
  | { readonly kind: "run"; readonly originEpochMs: number }
  | { readonly kind: "hold"; readonly untilEpochMs: number }
  | { readonly kind: "rest"; readonly rests: boolean }
  | { readonly kind: "stop"; readonly cancel: boolean; readonly window: WatchedSpan; readonly patienceMs: number };

/** What it tells. */
export type ThreadReply =
  | { readonly kind: "done" }
  | { readonly kind: "news"; readonly news: ShareNews }
  | {
    readonly kind: "ended";
    readonly end: ShareEnd;
    readonly client: ClientFigures;
    readonly resentRequests: number;
    readonly notes: readonly string[];
  }
  | { readonly kind: "failed"; readonly message: string };

/** Rows of a block; a full one is told at once. */
const BLOCK_ROWS = 2048;
/** Longest time between two news, ms. */
const NEWS_MS = 10;

/** One clock for all threads: each has an origin of its own. */
const clock: Clock = { ...systemClock, now: () => performance.timeOrigin + performance.now() };

/** What the server asked any of the threads for. */
const hold = new ServerHold(clock);

let server: ServerConnection;
let target: ThreadServer;
let share: ThreadShare;
let pool: RequestPool;
const made = new Map<string, RunRequests>();
let windowMs = { fromMs: 0, toMs: Infinity };
let rests = false, patienceMs = Infinity;
let until = new AbortController(), cut = new AbortController();

const tell = (reply: ThreadReply, transfer: ArrayBuffer[] = []) => scope.postMessage(reply, transfer);

function issueOf({ load, part, parts, seed, durationMs, traceMs }: ThreadShare): Issue {
  // The first threads take what does not divide.
  const own = (all: number) => Math.floor(all / parts) + (part < all % parts ? 1 : 0);
  if (load.kind === "closed") return { kind: "closed", concurrency: own(load.concurrency) };
  const arrivals = arrivalsOf(load.arrivals, { seed, durationMs, ...(traceMs === undefined ? {} : { traceMs }) });
  return { kind: "open", arrivals: dealtArrivals(arrivals, part, parts), maxConnections: own(load.maxConnections) };
}

async function runShare(originEpochMs: number): Promise<void> {
  const writer = new RowWriter(BLOCK_ROWS, true);
  let messages: string[] = [], times: ChunkTimes[] = [], warm = false, outstanding = 0;
  const flush = () => {
    const block = writer.take();
    const holdUntilMs = hold.untilMs - originEpochMs;
    const streamed = times.length === 0 ? {} : { times };
    const news = { block, messages, upToMs: clock.now() - originEpochMs, warm, outstanding, holdUntilMs, ...streamed };
    messages = [];
    times = [];
    tell({ kind: "news", news }, transferOf(block));
  };
  const onAttempt = (attempt: Attempt) => {
    if (attempt.message !== "") messages.push(attempt.message);
    else if (attempt.result !== "success" && attempt.result !== "cancelled") messages.push("");
    if (attempt.result === "success" && attempt.stream && attempt.times) times.push(copyOfTimes(attempt.times));
    if (writer.add(attempt)) flush();
  };
  const issue = issueOf(share);
  await using transport = server.openTransport();
  const monitor = startClientMonitor();
  const timer = setInterval(flush, NEWS_MS);
  const run = await runLoad(issue, {
    transport,
    protocol: server.protocol,
    pool,
    asked: share.asked,
    timeoutMs: share.timeoutMs,
    // The window is the run's, not the share's: a closed loop's tells here that every lane is warm.
    warmUpRequests: issue.kind === "closed" ? 1 : 0,
    durationMs: Infinity,
    disconnectedMs: Infinity,
    until: until.signal,
    signal: cut.signal,
    ...(share.respectRetryAfter ? { hold } : {}),
    rests: () => rests,
    patienceMs: () => patienceMs,
    originMs: originEpochMs,
    clock,
    fold: { fold() {} },
    onAttempt,
    onCounted(_, waiting) {
      warm = true;
      outstanding = waiting;
    },
  }).finally(() => clearInterval(timer));
  flush();
  const open = isOpenRun(run) ? run : null;
  const end = {
    endReason: run.endReason,
    mostOutstanding: open?.mostOutstanding ?? 0,
    unsentDueMs: open?.unsentDueMs ?? [],
    backlog: open?.backlog ?? [],
  };
  const { resentRequests = 0 } = transport;
  const client = monitor.stop(run.recorded, spanOf(originEpochMs)), notes = server.protocol.notes?.() ?? [];
  tell({ kind: "ended", end, client, resentRequests, notes });
}

/** The run's window on this thread's own clock. */
function spanOf(originEpochMs: number): WatchedSpan {
  const originMs = originEpochMs - performance.timeOrigin;
  return { fromMs: originMs + windowMs.fromMs, toMs: Math.min(performance.now(), originMs + windowMs.toMs) };
}

/** What a protocol asks of a model decides how its items are sent: their names, shapes and form. */
async function describe({ protocol }: ServerConnection, { model, inputs, how }: ThreadServer): Promise<void> {
  const timeoutMs = how.timeoutMs ?? defaultOf("timeoutMs");
  const known = await protocol.describeModel(model, { timeoutMs }).catch((error) => {
    if (!(error instanceof UnknownInputError)) throw error;
    return error.known;
  });
  // It was ready a moment ago: where it now has no room for the question, the form that all take is sent.
  await protocol.settleForm?.({ ...known, input: inputs }, { timeoutMs }).catch((error) => {
    if (!(error instanceof TargetError)) throw error;
  });
}

async function obey(command: ThreadCommand): Promise<void> {
  switch (command.kind) {
    case "open":
      target = command.server;
      server = await connectServer(target.url, target.how);
      await describe(server, target);
      return tell({ kind: "done" });
    case "prepare": {
      share = command.share;
      windowMs = { fromMs: 0, toMs: Infinity };
      rests = false;
      patienceMs = Infinity;
      until = new AbortController();
      cut = new AbortController();
      const { seed, part, threads, repeat, origin, asked: { predictions: batchSize }, encodeOptions } = share;
      const { model, inputs: spec } = target;
      const words = share.load.kind === "closed" ? share.load.promptWords : undefined;
      // The thread that commands numbers requests as well.
      const numbered = { part: part + 1, parts: threads + 1 };
      const own = { seed, repeat, origin, mostBytes: Math.floor(MOST_BYTES / threads), share: numbered };
      const options = { ...own, ...encodeOptions };
      const key = jsonText(options as unknown as JsonValue);
      const requests = made.get(key) ?? new RunRequests({ protocol: server.protocol, model, spec, ...options });
      made.set(key, requests);
      await requests.prepare([batchSize]);
      pool = words === undefined ? requests.pool(batchSize) : requests.prompts(words);
      return tell({ kind: "done" });
    }
    case "rest":
      rests = command.rests;
      return;
    case "run":
      return await runShare(command.originEpochMs);
    case "hold":
      return hold.until(command.untilEpochMs);
    case "stop":
      windowMs = command.window;
      patienceMs = command.patienceMs;
      return (command.cancel ? cut : until).abort();
  }
}

scope.onmessage = async ({ data }) => {
  try {
    await obey(data);
  } catch (error) {
    tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};
