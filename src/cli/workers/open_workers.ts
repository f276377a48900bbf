import type { Target } from "../../core/target.ts";
import { TargetError, UsageError } from "../../core/errors.ts";
import type { RunPlan } from "../../load/run_plan.ts";
import { SharedRun } from "../../load/shared_run.ts";
import type { LaneWorkers, WorkersLoad, WorkersRun } from "../../measure/lane_workers.ts";
import type { ClientFigures } from "../../observe/client_monitor.ts";
import type { ConnectServerOptions } from "../../protocols/connect_server.ts";
import { RESPONSE_LIMIT } from "../../wire/answer_budget.ts";
import type { ThreadCommand, ThreadReply, ThreadServer, ThreadShare } from "./lane_thread.ts";

/** One thread, and what it was asked last. */
class LaneThread {
  readonly #worker = new Worker(new URL("./lane_thread.ts", import.meta.url), { type: "module" });
  #asked = Promise.withResolvers<void>();
  /** Is told what comes while a run goes on. */
  onReply: (reply: ThreadReply) => void = () => {};

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<ThreadReply>) => {
      if (data.kind === "failed") this.#asked.reject(new TargetError(data.message));
      else if (data.kind === "done") this.#asked.resolve();
      this.onReply(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#asked.reject(new Error(event.message));
      this.onReply({ kind: "failed", message: event.message });
    };
  }

  /** Resolves when the thread has done it. */
  ask(command: ThreadCommand): Promise<void> {
    this.#asked = Promise.withResolvers();
    this.tell(command);
    return this.#asked.promise;
  }

  tell(command: ThreadCommand): void {
    this.#worker.postMessage(command);
  }

  end(): void {
    this.#worker.terminate();
  }
}

/** Threads of a command. */
export interface OpenWorkers extends AsyncDisposable {
  /** The option of the tests that tells them to use the threads. */
  readonly option: { readonly workers?: LaneWorkers };
}

/** As many threads as one that is busy is given: the cores but for one that the server may have. */
const manyThreads = () => Math.min(8, Math.max(2, navigator.hardwareConcurrency - 1));

/**
 * Starts threads that connect to a server each by themselves.
 *
 * @param count How many; none for 1, where this thread sends. `auto` starts them where this thread is found to be busy.
 * @param target The model, as this thread found it.
 * @param how How to get at its server.
 * @param signal Gives it up.
 * @throws {UsageError} If the description of the server cannot be handed to a thread.
 * @throws {TargetError} If a thread cannot connect.
 */
export async function openWorkers(
  count: number | "auto",
  target: Target,
  how: ConnectServerOptions,
  signal?: AbortSignal,
): Promise<OpenWorkers> {
  if (count === 1) return { option: {}, [Symbol.asyncDispose]: () => Promise.resolve() };
  const threads: LaneThread[] = [];
  const close = () => {
    for (const thread of threads.splice(0)) thread.end();
    return Promise.resolve();
  };
  const start = async (count: number): Promise<void> => {
    const server = serverOf(target, { ...how, maxResponse: { ...how.maxResponse ?? RESPONSE_LIMIT, threads: count } });
    threads.push(...Array.from({ length: count }, () => new LaneThread()));
    const connected = Promise.all(threads.map((thread) => thread.ask({ kind: "open", server })));
    try {
      await Promise.race([connected, ...signal === undefined ? [] : [aborted(signal)]]);
    } catch (error) {
      await close();
      throw error;
    }
  };
  let mayWiden = count === "auto";
  const workers: LaneWorkers = {
    get count() {
      return Math.max(1, threads.length);
    },
    most: count === "auto" ? manyThreads() : count,
    async widen() {
      if (!mayWiden) return false;
      mayWiden = false;
      await start(workers.most);
      return true;
    },
    run: (what, plan) => runShared(threads, target.model, what, plan),
  };
  if (count === "auto") serverOf(target, how);
  else await start(count);
  return { option: { workers }, [Symbol.asyncDispose]: close };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function serverOf(target: Target, how: ConnectServerOptions): ThreadServer {
  const { url, model, protocol, description: { input: inputs } } = target;
  try {
    return structuredClone({ url, model, inputs, how: { ...how, protocol: protocol.name } });
  } catch (error) {
    throw new UsageError("Cannot run workers as what the server is described by must be plain data: it is not", {
      cause: error as Error,
    });
  }
}

async function runShared(
  threads: readonly LaneThread[],
  model: string,
  what: WorkersLoad,
  plan: RunPlan,
): Promise<WorkersRun> {
  const { issue, ...given } = what;
  // Each has a connection at least, and all together no more than one thread would have.
  const parts = Math.min(threads.length, issue.kind === "closed" ? issue.concurrency : issue.maxConnections);
  const used = threads.slice(0, parts);
  const shared = {
    ...given,
    parts,
    threads: threads.length,
    asked: { ...plan.asked, model },
    timeoutMs: plan.timeoutMs,
  };
  await Promise.all(used.map((thread, part) => {
    const share: ThreadShare = { ...shared, part };
    return thread.ask({ kind: "prepare", share });
  }));
  const run = new SharedRun(issue, plan, parts);
  const clients: ClientFigures[] = [];
  let resentRequests = 0, notes: readonly string[] = [];
  const failed = Promise.withResolvers<never>();
  const originEpochMs = performance.timeOrigin + run.originMs;
  let heldUntilMs = performance.timeOrigin + performance.now();
  /** What a server asks one thread for, it asks the client for. */
  const holdAll = (untilEpochMs: number) => {
    if (untilEpochMs <= heldUntilMs) return;
    heldUntilMs = untilEpochMs;
    for (const thread of used) thread.tell({ kind: "hold", untilEpochMs });
  };
  let rests = false;
  const rest = () => {
    if (rests === run.isInDoubt) return;
    rests = run.isInDoubt;
    for (const thread of used) thread.tell({ kind: "rest", rests });
  };
  used.forEach((thread, part) => {
    thread.onReply = (reply) => {
      if (reply.kind === "news") {
        run.tell(part, reply.news);
        holdAll(originEpochMs + reply.news.holdUntilMs);
        rest();
      } else if (reply.kind === "ended") {
        clients.push(reply.client);
        resentRequests += reply.resentRequests;
        // They see the same, each with words of its own.
        if (reply.notes.length > notes.length) notes = reply.notes;
        run.ended(part, reply.end);
      } else if (reply.kind === "failed") failed.reject(new Error(`A worker failed: ${reply.message}`));
    };
  });
  for (const thread of used) thread.tell({ kind: "run", originEpochMs });
  const over = new AbortController();
  const stopped = run.untilEnded().then((stop) => {
    const stopAll = (cancel: boolean) => {
      for (const thread of used) thread.tell({ kind: "stop", ...stop, cancel });
    };
    stopAll(stop.cancel);
    // The user may end the wait for what is outstanding.
    plan.signal?.addEventListener("abort", () => stopAll(true), { signal: over.signal });
  });
  failed.promise.catch(() => {});
  try {
    await Promise.race([stopped, failed.promise]);
    return { run: await Promise.race([run.result(), failed.promise]), clients, resentRequests, notes };
  } finally {
    over.abort();
  }
}
