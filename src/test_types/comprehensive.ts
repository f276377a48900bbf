import { systemClock } from "../core/clock.ts";
import type { Target } from "../core/target.ts";
import { checkCache } from "../measure/cache_check.ts";
import { controlled } from "../measure/control/server_control.ts";
import { observeGpu } from "../measure/gpu/observe_gpu.ts";
import type { Plan } from "../measure/plan.ts";
import { type Test, withSession } from "../measure/run_session.ts";
import { RunWindows } from "../measure/run_windows.ts";
import type { Session, SharedRun } from "../measure/session.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import type { AbOptions, ComprehensiveOptions, LoadOptions } from "../measure/settings/options.ts";
import { readEnvironment } from "../observe/environment.ts";
import { busyMachine } from "../observe/host_busy.ts";
import { strangeHostWarning } from "../observe/strange_host.ts";
import { busyInWords, type BusyMachine } from "../results/evidence/busy_machine.ts";
import { comprehensiveKinds, type TestKind } from "../results/comprehensive_kinds.ts";
import type { ResultKind } from "../results/kinds.ts";
import type { ScalabilityResult } from "../results/kinds/scalability.ts";
import type { ThroughputResult } from "../results/kinds/throughput.ts";
import type { Measurements } from "../results/report.ts";
import { runAbTest } from "./ab.ts";
import { basicPlan, basicTest } from "./basic.ts";
import { askedOf, digestOfInputs } from "./comprehensive/asked_of.ts";
import { boundedOptions } from "./comprehensive/bounded_options.ts";
import { limitsInWords } from "./comprehensive/limits_in_words.ts";
import type { ResumeOptions } from "./comprehensive/resume_options.ts";
import { RunResults } from "./comprehensive/run_results.ts";
import { takeUp } from "./comprehensive/take_up.ts";
import { checkAnswered } from "./latency/check_answered.ts";
import { latencyPlan, latencyTest, latencyTestAfter, startsWithin } from "./latency/latency.ts";
import type { TimedStarts } from "./latency/server_starts.ts";
import { awaitPrediction } from "./latency/single_inferences.ts";
import { loadPlan, loadTest } from "./load/load.ts";
import { memoryTest, memoryTestAfter } from "./memory/memory.ts";
import { type MemoryWatch, watchMemory } from "./memory/memory_watch.ts";
import { measureOperatingPoints } from "./operating_points.ts";
import { isStreamed, promptsPlan, promptsTest } from "./prompts/prompts.ts";
import { scalabilityPlan, scalabilityTest } from "./scalability.ts";
import { throughputPlan, throughputTest } from "./throughput.ts";

/** Tests by kind, and what each is going to ask of the server; each takes what it needs of all options. */
const TESTS: { readonly [K in TestKind]: { readonly run: Test<K, AllOptions>; readonly plan: PlanTest } } = {
  basic: { run: basicTest, plan: basicPlan },
  latency: { run: latencyTest, plan: latencyPlan },
  throughput: { run: throughputTest, plan: throughputPlan },
  scalability: { run: scalabilityTest, plan: scalabilityPlan },
  prompts: { run: promptsTest, plan: promptsPlan },
  memory: { run: memoryTest, plan: () => ({ asked: {} }) },
  load: { run: loadTest, plan: loadPlan },
};

type PlanTest = (options: AllOptions) => Plan;

/** Options of every test. */
export type AllOptions = ComprehensiveOptions & LoadOptions;

/**
 * What a test is going to ask of the server.
 *
 * @param kind The test.
 * @param options Options of all tests.
 */
export function planOf(kind: TestKind, options: AllOptions): Plan {
  return TESTS[kind].plan(options);
}

/**
 * Runs every test, and measures the recommended batch size and concurrency together (method 14); what unloads the model
 * comes last.
 *
 * @param target The model to measure, from `connect`.
 * @param options Options of all tests, and what an interrupted run measured before.
 * @returns Results by test with the machine that measured; `createReport` analyses them.
 * @throws {UsageError} If an option is out of its range, or `resume` is of another run.
 * @throws {TargetError} If the model answers none of the first requests.
 */
export function runComprehensive(
  target: Target,
  options: ComprehensiveOptions & ResumeOptions = {},
): Promise<Measurements> {
  return runTests(target, comprehensiveKinds(isStreamed(target)), options);
}

/**
 * Runs some of the tests one after another. A load that several of them need is measured once: each visits it, and all
 * read their figures from all visits. A test that is interrupted, or loses the server, is the last; what was measured
 * until then is returned, marked partial.
 *
 * @param given The model to measure, from `connect`.
 * @param kinds Tests to run, in this order.
 * @param options Options of all tests, and what an interrupted run measured before.
 * @returns Results by test with the machine that measured.
 * @throws {UsageError} If an option is out of its range, or `resume` is of another run.
 * @throws {TargetError} If the model answers none of the first requests of a run of several tests.
 */
export async function runTests(
  given: Target,
  kinds: readonly TestKind[],
  options: AllOptions & ResumeOptions = {},
): Promise<Measurements> {
  const target = controlled(given, options);
  const clock = options.clock ?? systemClock;
  const bounded = boundedOptions(kinds, options);
  const asked = kinds.length > 1 ? askedOfRun(target, kinds, options) : undefined;
  const before = options.resume === undefined ? null : await takeUp(options.resume, asked ?? {}, target, options);
  const left = kinds.filter((kind) => !before?.results.has(kind));
  const beganMs = before === null ? 0 : Math.max(0, Date.now() - before.beganAtMs);
  const windows = new RunWindows(clock.now(), undefined, beganMs);
  const busy = options.busy === undefined && clock === systemClock ? await busyMachine() : options.busy ?? null;
  const warnings = [...busyWarning(busy), ...await strangersAmong([target], options)];
  const run = new RunResults({ target, kinds, options, clock, windows, asked, before, busy, warnings });
  const starts = left.length === 0 ? null : await whenServing(target, left, kinds, bounded, windows, run);
  await using gpu = await observeGpu(target, bounded);
  windows.gpu = gpu;
  const isWatched = left.length > 1 && left.includes("memory");
  await using watch = isWatched ? await watchMemory(target, bounded, clock) : null;
  const keep: SharedRun["keep"] = (kind, result) => run.keep(kind, result);
  await measureAll(target, left, bounded, { run, starts, watch, shared: { windows, onlooker: watch, keep } });
  if (run.partial === null && options.signal?.aborted) run.partial = "interrupted";
  return await run.measurements();
}

/** What the tests of a run measure with. */
interface Measuring {
  readonly run: RunResults;
  readonly starts: TimedStarts | null;
  readonly watch: MemoryWatch | null;
  readonly shared: SharedRun;
}

/** Runs one test after another, until one of them ends the run. */
async function measureAll(
  target: Target,
  kinds: readonly TestKind[],
  options: AllOptions,
  { run, starts, watch, shared }: Measuring,
): Promise<void> {
  const measure = async (kind: ResultKind, test: Test<ResultKind, AllOptions>) => {
    if (run.partial === null) await run.add(kind, await test(target, options, shared));
  };
  /** As soon as both sweeps are there: what follows may unload the model. */
  const combine = async () => {
    if (run.partial !== null || !run.has("throughput") || !run.has("scalability")) return;
    const [batches, levels] = [run.of("throughput") as ThroughputResult, run.of("scalability") as ScalabilityResult];
    const points = await measureOperatingPoints(target, batches, levels, options, shared);
    if (points !== null) await run.add("operating-points", points);
  };
  // A run that broke off between the sweeps and what follows from them.
  if (kinds.includes("latency") && !run.has("operating-points")) await combine();
  for (const kind of kinds) {
    // Memory that was watched throughout is read a last time in the end. A server that did not start again answers nothing.
    if (kind === "memory" ? watch !== null : starts?.partial && kind !== "latency") continue;
    await measure(kind, testAfter(kind, starts));
    if (kind === "throughput" || kind === "scalability") await combine();
  }
  if (watch !== null) await measure("memory", memoryTestAfter(watch) as Test<ResultKind, AllOptions>);
}

function askedOfRun(target: Target, kinds: readonly TestKind[], options: AllOptions & ResumeOptions) {
  const inputs = digestOfInputs(options.inputs ?? target.description.input);
  return { ...askedOf(kinds, options), ...options.asked, inputs };
}

function testAfter(kind: TestKind, starts: TimedStarts | null): Test<ResultKind, AllOptions> {
  return (kind === "latency" ? latencyTestAfter(starts) : TESTS[kind].run) as Test<ResultKind, AllOptions>;
}

/**
 * Where this run started the server: waits until it serves, and measures its starts for the latency test, before all else
 * as what is seen of a process ends with it. The last start serves the tests. Where it was there before, one answer is enough
 * for a run of several tests. One that goes on looks for a cache of answers, where the test that does is behind it.
 */
async function whenServing(
  target: Target,
  kinds: readonly TestKind[],
  all: readonly TestKind[],
  options: AllOptions,
  windows: RunWindows,
  results: RunResults,
): Promise<TimedStarts | null> {
  if (target.started === undefined && all.length === 1) return null;
  const [kind = "basic"] = kinds;
  const isBehind = options.cacheCheck === true && !kinds.includes("basic") && all.includes("basic");
  const run = async (session: Session) => {
    let starts: TimedStarts | null = null;
    if (target.started === undefined) await checkAnswered(session, options);
    else if (kinds.includes("latency")) starts = await startsWithin(session, options);
    else await awaitPrediction(session, options);
    if (isBehind && session.partial === null) {
      results.cache = await checkCache(session, options.batchSize ?? defaultOf("batchSize"));
    }
    return starts;
  };
  const { value } = await withSession(kind, target, options, { windows, onlooker: null }, run);
  return value;
}

/**
 * Runs the A/B test as a run of its own, so that its result can be kept, compared and drawn as any other.
 *
 * @param targetA The first server, which the second is held against; the run is named after it.
 * @param targetB The second.
 * @param options Concurrency, batch size, blocks and bounds of the visits.
 * @returns The result with the machine that measured; `createReport` analyses it.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runAb(targetA: Target, targetB: Target, options: AbOptions = {}): Promise<Measurements> {
  const busy = (options.clock ?? systemClock) === systemClock ? await busyMachine() : null;
  const warnings = [...busyWarning(busy), ...await strangersAmong([targetA, targetB], options)];
  const ab = await runAbTest(targetA, targetB, options);
  const limits = [ab.a, ab.b].flatMap(({ absences }) => limitsInWords(absences["inputs"] ?? null));
  warnings.push(...new Set([...limits, ...[targetA, targetB].flatMap(({ protocol }) => protocol.notes?.() ?? [])]));
  return {
    startedAt: ab.startedAt,
    durationMs: ab.elapsedMs,
    seed: ab.seed,
    environment: { ...await readEnvironment(), ...busy === null ? {} : { busy } },
    target: ab.a.target,
    partial: ab.partial,
    tests: { ab },
    warnings,
  };
}

/** What is to be said of servers that may be somebody else's. */
async function strangersAmong(
  targets: readonly Target[],
  { clock = systemClock }: Pick<AbOptions, "clock">,
): Promise<string[]> {
  if (clock !== systemClock) return [];
  const warnings = await Promise.all(targets.map((target) => strangeHostWarning(target)));
  return [...new Set(warnings.filter((warning) => warning !== null))];
}

function busyWarning(busy: BusyMachine | null): string[] {
  return busy === null ? [] : [`This machine was busy before the run: ${busyInWords(busy)}.`];
}
