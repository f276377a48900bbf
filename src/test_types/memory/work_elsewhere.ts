import { systemClock } from "../../core/clock.ts";
import type { Session } from "../../measure/session.ts";
import { measureWindow } from "../../measure/window/measure_window.ts";
import type { Visit } from "../../measure/window/visit.ts";
import { ancestry, processTree } from "../../observe/process_tree.ts";
import { identify } from "../../observe/server/identity.ts";
import { type ProcessWork, processWork, workBetween, type WorkDone } from "../../observe/server/process_work.ts";
import type { OtherProcess, ServerWork } from "../../results/kinds/memory.ts";
import { GROWTH_FLOOR_BYTES, STABLE_BYTES_PER_REQUEST } from "../../stats/trend/growth_verdict.ts";
import type { MemoryRun } from "./memory_run.ts";

/** A process that used this share of the CPU time of those that are measured may do their work. */
const WORKING_SHARE = 0.5;
/** Less CPU time in a soak is none, ms: the kernel tells it in steps of 10. */
const LEAST_CPU_MS = 50;
/** Most processes that are looked at closely, and that are named. */
const MOST_SUSPECTS = 64;
const MOST_NAMED = 4;
/** Each rest and each load that follows it, ms, and how many pairs of them. */
const PHASE_MS = 300;
const PAIRS = 4;
/** On a busy machine a stranger may follow once by chance: whoever does is looked at again. */
const ROUNDS = 2;
/** Longest that a round may take, ms; what is slower is not told by the fewest pairs. */
const LONGEST_MS = 20_000;
const FEWEST_PAIRS = 3;
/** What works for the requests uses so many times as much CPU time, or grows by so many times as much, as in the rests. */
const CONTRAST = 4;
/** In all loads at least: CPU time, ms, and growth, bytes. */
const LEAST_WORK_MS = 40;
const LEAST_GROWTH_BYTES = 2 ** 20;

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
 * What the measured processes used in the soak, and whether others do the work (METHODS 13). A process outside that used much,
 * or grew, is asked by experiment: it must work whenever requests are sent, and rest whenever none are.
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
  const requests = run.recorder.timeline.findLast(({ completedRequests }) => completedRequests !== null);
  const successes = requests?.completedRequests ?? 0;
  if (soak === undefined || successes === 0) return null;
  const tree = new Set(run.sampler.scope.pids);
  const done = (pid: number) => workBetween(before.get(pid), after.get(pid));
  const own = [...tree].flatMap((pid) => done(pid) ?? []);
  const cpuMs = total(own, "cpuMs"), grownBytes = total(own, "grownBytes");
  const unlike = await notOthers(session, tree);
  const leastGrown = Math.max(GROWTH_FLOOR_BYTES, STABLE_BYTES_PER_REQUEST * successes, grownBytes);
  const suspects = [...after.keys()].flatMap((pid): Suspect[] => {
    const work = unlike.has(pid) ? null : done(pid);
    if (work === null) return [];
    const works = work.cpuMs >= Math.max(LEAST_CPU_MS, WORKING_SHARE * cpuMs);
    const grows = work.grownBytes > leastGrown;
    return works || grows ? [{ pid, ...work, works, grows }] : [];
  }).toSorted((a, b) => Number(b.grows) - Number(a.grows) || b.cpuMs - a.cpuMs).slice(0, MOST_SUSPECTS);
  const elsewhere = suspects.length === 0 ? [] : await confirmed(session, soak, suspects);
  return { cpuMs, durationMs: soak.run.windowEndMs - soak.run.windowStartMs, elsewhere };
}

interface Suspect extends WorkDone {
  readonly pid: number;
  readonly works: boolean;
  readonly grows: boolean;
}

/** The measured processes, this program with those that started it, and those that it started. */
async function notOthers({ target }: Session, tree: ReadonlySet<number>): Promise<ReadonlySet<number>> {
  const own = target.started === undefined ? await processTree(Deno.pid) : [];
  return new Set([...tree, ...await ancestry(), ...own]);
}

/** Those that work, or grow, under load and rest without, in each of the rounds. */
async function confirmed(session: Session, soak: Visit, suspects: readonly Suspect[]): Promise<OtherProcess[]> {
  session.progress("who does the work", 0.85);
  let found = suspects;
  for (let round = 0; round < ROUNDS && found.length > 0; round++) found = await following(session, soak, found);
  const named = await Promise.all(
    found.slice(0, MOST_NAMED).map(async ({ pid, cpuMs, grownBytes }) => {
      const process = await identify(pid);
      return process === null ? [] : [{ ...process, cpuMs, grownBytes }];
    }),
  );
  return named.flat();
}

/** Those that follow the load in one round of rests and loads. */
async function following(session: Session, soak: Visit, suspects: readonly Suspect[]): Promise<readonly Suspect[]> {
  const { clock, options: { signal } } = session;
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
  const spans = moments.slice(1).map(({ atMs }, i) => atMs - moments[i]!.atMs);
  return suspects.filter(({ pid, works, grows }) => {
    const done = moments.slice(1).map((moment, i) => workBetween(moments[i]!.works.get(pid), moment.works.get(pid)));
    return (works && follows(done.map((work) => work?.cpuMs ?? 0), spans, LEAST_WORK_MS)) ||
      (grows && follows(done.map((work) => work?.grownBytes ?? 0), spans, LEAST_GROWTH_BYTES));
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
  const mean = (of: 0 | 1) =>
    Array.from({ length: pairs }, (_, pair) => rate(2 * pair + of)).reduce((a, b) => a + b, 0);
  const underLoad = amounts.filter((_, i) => i % 2 === 1).reduce((sum, amount) => sum + amount, 0);
  return pairs >= FEWEST_PAIRS && underLoad >= least &&
    higher.filter(Boolean).length >= Math.max(FEWEST_PAIRS, pairs - 1) &&
    mean(1) > CONTRAST * Math.max(0, mean(0));
}

function total(works: readonly WorkDone[], of: keyof WorkDone): number {
  return works.reduce((sum, { [of]: amount }) => sum + amount, 0);
}
