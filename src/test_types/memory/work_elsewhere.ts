import { systemClock } from "../../core/clock.ts";
import type { Session } from "../../measure/session.ts";
import { measureWindow } from "../../measure/window/measure_window.ts";
import type { Visit } from "../../measure/window/visit.ts";
import { ancestry, processName, processTree } from "../../observe/process_tree.ts";
import { listeningPids } from "../../observe/server_pids.ts";
import { readsLogs } from "../../observe/server/forwarders.ts";
import { identify } from "../../observe/server/identity.ts";
import { type ProcessWork, processWork, workBetween, type WorkDone } from "../../observe/server/process_work.ts";
import type { OtherProcess, ServerWork } from "../../results/kinds/memory.ts";
import { GROWTH_FLOOR_BYTES, STABLE_BYTES_PER_REQUEST } from "../../stats/trend/growth_verdict.ts";
import type { MemoryRun } from "./memory_run.ts";

/** Processes that used this share of the CPU time of those that are measured do their work, and each of them so much. */
const WORKING_SHARE = 0.5;
const WORKER_SHARE = 0.1;
/** Who uses less of a core than this waits for something: for a GPU, a timer, or a process that waits in its place. */
const WAITING_SHARE = 0.25;
/** Who waits in its place does so for this share of the requests at least. */
const WAITS_PER_REQUEST = 0.1;
/** Less CPU time in a soak is none, ms: the kernel tells it in steps of 10. */
const LEAST_CPU_MS = 50;
/** Most processes that are looked at closely, and that are named. */
const MOST_SUSPECTS = 64;
const MOST_NAMED = 8;
/** Each rest and each load that follows it, ms, and how many pairs of them. */
const PHASE_MS = 300;
const PAIRS = 4;
/** On a busy machine a stranger may follow twice by chance, as a browser has been seen to: whoever does is looked at again. */
const ROUNDS = 3;
/** Longest that a round may take, ms; what is slower is not told by the fewest pairs. */
const LONGEST_MS = 20_000;
const FEWEST_PAIRS = 3;
/** What works for the requests uses so many times as much CPU time, or grows by so many times as much, as in the rests. */
const CONTRAST = 4;
/** In all loads at least: CPU time, ms, and growth, bytes. */
const LEAST_WORK_MS = 40;
const LEAST_GROWTH_BYTES = 2 ** 20;
const LEAST_WAITS = 2 * PAIRS;

/** What every process of this machine had used at one moment. */
export type Works = ReadonlyMap<number, ProcessWork>;

/**
 * What every process of this machine has used so far.
 *
 * @param session The test.
 * @param run Its phases.
 * @returns `null` where no process is seen, and in simulated time.
 */
export async function worksNow({ clock }: Session, { sampler }: MemoryRun): Promise<Works | null> {
  if (clock !== systemClock || sampler.scope.source === "server-metrics") return null;
  const works = await processWork();
  return works.size === 0 ? null : works;
}

/**
 * What the measured processes used in the soak, and whether others do the work (method 13). A process outside that used
 * much, or grew, or waited as often as there were requests while the measured ones waited, is asked by experiment: it must
 * do so whenever requests are sent, and rest whenever none are.
 *
 * @param session The test; the soak has ended.
 * @param run Its phases.
 * @param before When the soak began.
 * @param after When it ended.
 * @returns `null` where no request of the soak succeeded.
 */
export async function workInSoak(
  session: Session,
  run: MemoryRun,
  before: Works,
  after: Works,
): Promise<ServerWork | null> {
  const soak = run.loads.find(({ phase }) => phase === "soak")?.visit;
  const last = run.recorder.timeline.findLast(({ completedRequests }) => completedRequests !== null);
  const successes = last?.completedRequests ?? 0;
  if (soak === undefined || successes === 0) return null;
  const done = (pid: number) => workBetween(before.get(pid), after.get(pid));
  const own = run.sampler.scope.pids.flatMap((pid) => done(pid) ?? []);
  const cpuMs = total(own.map((work) => work.cpuMs));
  const durationMs = soak.run.windowEndMs - soak.run.windowStartMs;
  const signsOf = signsBeside({
    cpuMs,
    grownBytes: total(own.map((work) => work.grownBytes)),
    isWaiting: cpuMs < WAITING_SHARE * durationMs && !last?.gpuBytes,
    successes,
  });
  const ours = await notOthers(session, run);
  const suspects = [...after.keys()].flatMap((pid) => {
    const work = ours.has(pid) ? null : done(pid);
    const signs = work === null ? null : signsOf(work);
    return work === null || signs === null ? [] : [{ pid, work, signs }];
  });
  let found: readonly Suspect[] = (await withoutLogReaders(suspects))
    .toSorted((a, b) => b.work.cpuMs - a.work.cpuMs).slice(0, MOST_SUSPECTS);
  if (found.length > 0) session.progress("who does the work", 0.85);
  for (let round = 0; round < ROUNDS && found.length > 0; round++) found = await following(session, soak, found);
  const isWork = found.some(({ signs: { grows, waits } }) => grows || waits) ||
    total(found.map(({ work }) => work.cpuMs)) >= WORKING_SHARE * cpuMs;
  return { cpuMs, durationMs, elsewhere: isWork ? await named(found) : [] };
}

/** What makes a process one that may do the work. */
interface Signs {
  readonly works: boolean;
  readonly grows: boolean;
  readonly waits: boolean;
}

interface Suspect {
  readonly pid: number;
  /** What it did in the soak. */
  readonly work: WorkDone;
  readonly signs: Signs;
}

/** What the measured processes did in the soak, beside which others are seen. */
interface Measured {
  readonly cpuMs: number;
  readonly grownBytes: number;
  readonly isWaiting: boolean;
  readonly successes: number;
}

function signsBeside({ cpuMs, grownBytes, isWaiting, successes }: Measured): (work: WorkDone) => Signs | null {
  const leastGrown = Math.max(GROWTH_FLOOR_BYTES, STABLE_BYTES_PER_REQUEST * successes, grownBytes);
  return (work) => {
    const works = work.cpuMs >= Math.max(LEAST_CPU_MS, WORKER_SHARE * cpuMs);
    const grows = work.grownBytes > leastGrown;
    const waits = isWaiting && work.waits >= WAITS_PER_REQUEST * successes;
    return works || grows || waits ? { works, grows, waits } : null;
  };
}

/**
 * The measured processes, this program with those that started it, and those that it started. Who gives process ids leaves
 * out what listens by intent.
 */
async function notOthers({ target }: Session, { sampler, options }: MemoryRun): Promise<ReadonlySet<number>> {
  const started = target.started === undefined ? await processTree(Deno.pid) : [];
  const listening = options.pid === undefined ? [] : await listeningPids(target);
  return new Set([...sampler.scope.pids, ...await ancestry(), ...started, ...listening]);
}

/**
 * Those that may do the work: what only takes what others write works when they do, and does none of it.
 *
 * @param suspects Processes.
 */
export async function withoutLogReaders<T extends { readonly pid: number }>(
  suspects: readonly T[],
): Promise<readonly T[]> {
  const names = await Promise.all(suspects.map(({ pid }) => processName(pid)));
  return suspects.filter((_, i) => !readsLogs(names[i] ?? ""));
}

/** For people. */
async function named(found: readonly Suspect[]): Promise<OtherProcess[]> {
  const each = await Promise.all(found.map(async ({ pid, work: { cpuMs, grownBytes } }) => {
    const process = await identify(pid);
    return process === null ? [] : [{ ...process, cpuMs, grownBytes }];
  }));
  return each.flat().slice(0, MOST_NAMED);
}

/** Those that follow the load in one round of rests and loads. */
async function following(session: Session, soak: Visit, suspects: readonly Suspect[]): Promise<readonly Suspect[]> {
  const { clock, options: { signal }, clientLimits } = session;
  const limits = new Set(clientLimits);
  const pids = suspects.map(({ pid }) => pid);
  const moments: { readonly works: Works; readonly atMs: number }[] = [];
  const look = async () => void moments.push({ works: await processWork(pids), atMs: clock.now() });
  const startMs = clock.now();
  await look();
  for (let pair = 0; pair < PAIRS && session.partial === null && clock.now() - startMs < LONGEST_MS; pair++) {
    await clock.sleep(PHASE_MS, signal);
    await look();
    const budget = { durationMs: PHASE_MS, minimumMs: Infinity, minimumRequests: Infinity, warmUpRequests: 0 };
    await measureWindow(session, soak.load, budget);
    await look();
  }
  // Such short loads say nothing of the client.
  for (const limit of clientLimits) if (!limits.has(limit)) clientLimits.delete(limit);
  const spans = moments.slice(1).map(({ atMs }, i) => atMs - moments[i]!.atMs);
  return suspects.filter(({ pid, signs: { works, grows, waits } }) => {
    const done = moments.slice(1).map((moment, i) => workBetween(moments[i]!.works.get(pid), moment.works.get(pid)));
    const amounts = (of: keyof WorkDone) => done.map((work) => work?.[of] ?? 0);
    return (works && follows(amounts("cpuMs"), spans, LEAST_WORK_MS)) ||
      (grows && follows(amounts("grownBytes"), spans, LEAST_GROWTH_BYTES)) ||
      (waits && follows(amounts("waits"), spans, LEAST_WAITS));
  });
}

/**
 * Whether something follows the load: in rests and loads by turns, more in each load than in the rest before it, but for one
 * pair of four, and {@linkcode CONTRAST} times as much in all, by their lengths; pure.
 *
 * @param amounts Of each rest and each load, a rest first.
 * @param spansMs Their lengths, ms.
 * @param least What all loads have to have together.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 *
 * const spans = [300, 300, 300, 300, 300, 300, 300, 300];
 * assert(follows([0, 40, 10, 30, 0, 40, 0, 50], spans, 40));
 * assertFalse(follows([200, 210, 190, 220, 200, 180, 220, 200], spans, 40)); // busy all along
 * assertFalse(follows([0, 300, 300, 300, 0, 0, 0, 0], spans, 40)); // busy for a while
 * ```
 */
export function follows(amounts: readonly number[], spansMs: readonly number[], least: number): boolean {
  const rate = (i: number) => amounts[i]! / Math.max(1, spansMs[i]!);
  const pairs = Math.floor(amounts.length / 2);
  const higher = Array.from({ length: pairs }, (_, pair) => rate(2 * pair + 1) > rate(2 * pair));
  const rates = (of: 0 | 1) => total(Array.from({ length: pairs }, (_, pair) => rate(2 * pair + of)));
  const underLoad = total(amounts.filter((_, i) => i % 2 === 1));
  return pairs >= FEWEST_PAIRS && underLoad >= least &&
    higher.filter(Boolean).length >= Math.max(FEWEST_PAIRS, pairs - 1) &&
    rates(1) > CONTRAST * Math.max(0, rates(0));
}

function total(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
