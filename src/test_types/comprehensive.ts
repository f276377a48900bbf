import { systemClock } from "../core/clock.ts";
import type { Target } from "../core/target.ts";
import { mayBeGone } from "../measure/control/after_signal.ts";
import { controlled } from "../measure/control/server_control.ts";
import { describeTarget } from "../measure/describe_target.ts";
import { observeGpu } from "../measure/gpu/observe_gpu.ts";
import type { Plan } from "../measure/plan.ts";
import { type Measured, type Test, withSession } from "../measure/run_session.ts";
import { RunWindows } from "../measure/run_windows.ts";
import type { Session } from "../measure/session.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import type { AbOptions, ComprehensiveOptions, LoadOptions } from "../measure/settings/options.ts";
import { readEnvironment } from "../observe/environment.ts";
import { hostBusy } from "../observe/host_busy.ts";
import { COMPREHENSIVE_KINDS, type TestKind } from "../results/comprehensive_kinds.ts";
import type { ResultKind, TestResult, TestResults } from "../results/kinds.ts";
import type { ScalabilityResult } from "../results/kinds/scalability.ts";
import type { ThroughputResult } from "../results/kinds/throughput.ts";
import type { Measurements } from "../results/report.ts";
import { runAbTest } from "./ab.ts";
import { basicPlan, basicTest } from "./basic.ts";
import { checkAnswered } from "./latency/check_answered.ts";
import { latencyPlan, latencyTest, latencyTestAfter, startsWithin } from "./latency/latency.ts";
import type { TimedStarts } from "./latency/server_starts.ts";
import { awaitPrediction } from "./latency/single_inferences.ts";
import { loadPlan, loadTest } from "./load/load.ts";
import { memoryTest, memoryTestAfter } from "./memory/memory.ts";
import { watchMemory } from "./memory/memory_watch.ts";
import { measureOperatingPoints } from "./operating_points.ts";
import { scalabilityPlan, scalabilityTest } from "./scalability.ts";
import { throughputPlan, throughputTest } from "./throughput.ts";
import { madeInputs } from "./made_inputs.ts";
import { unseenGpu } from "./unseen_gpu.ts";

/** Tests by kind, and what each is going to ask of the server; each takes what it needs of all options. */
const TESTS: { readonly [K in TestKind]: { readonly run: Test<K, AllOptions>; readonly plan: PlanTest } } = {
  basic: { run: basicTest, plan: basicPlan },
  latency: { run: latencyTest, plan: latencyPlan },
  throughput: { run: throughputTest, plan: throughputPlan },
  scalability: { run: scalabilityTest, plan: scalabilityPlan },
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
 * Runs every test, and measures the recommended batch size and concurrency together (METHODS 14); what unloads the model
 * comes last.
 *
 * @param target The model to measure, from `connect`.
 * @param options Options of all tests.
 * @returns Results by test with the machine that measured; `createReport` analyses them.
 * @throws {UsageError} If an option is out of its range.
 * @throws {TargetError} If the model answers none of the first requests.
 */
export function runComprehensive(target: Target, options: ComprehensiveOptions = {}): Promise<Measurements> {
  return runTests(target, COMPREHENSIVE_KINDS, options);
}

/**
 * Runs some of the tests one after another. A load that several of them need is measured once: each visits it, and all
 * read their figures from all visits. A test that is interrupted, or loses the server, is the last; what was measured
 * until then is returned, marked partial.
 *
 * @param given The model to measure, from `connect`.
 * @param kinds Tests to run, in this order.
 * @param options Options of all tests.
 * @returns Results by test with the machine that measured.
 * @throws {UsageError} If an option is out of its range.
 * @throws {TargetError} If the model answers none of the first requests of a run of several tests.
 */
export async function runTests(
  given: Target,
  kinds: readonly TestKind[],
  options: AllOptions = {},
): Promise<Measurements> {
  const target = controlled(given, options);
  const clock = options.clock ?? systemClock;
  const bounded = kinds.length > 1 ? { full: false, cacheCheck: true, ...withinMinutes(options) } : options;
  const startedAt = new Date().toISOString();
  const originMs = clock.now();
  const warnings = await busyWarning();
  const windows = new RunWindows(originMs);
  const starts = await whenServing(target, kinds, bounded, windows);
  await using gpu = await observeGpu(target, bounded);
  windows.gpu = gpu;
  const isWatched = kinds.length > 1 && kinds.includes("memory");
  await using watch = isWatched ? await watchMemory(target, bounded, clock) : null;
  const shared = { windows, onlooker: watch };
  const measured = new Map<ResultKind, Measured<TestResult>>();
  let partial: Measurements["partial"] = null;
  const run = async (kind: ResultKind, test: Test<ResultKind, AllOptions>) => {
    if (partial !== null) return;
    const of = await test(target, bounded, shared);
    measured.set(kind, of);
    partial = of.partial;
  };
  /** As soon as both sweeps are there: what follows may unload the model. */
  const combine = async () => {
    const [throughput, scalability] = [measured.get("throughput"), measured.get("scalability")];
    if (partial !== null || throughput === undefined || scalability === undefined) return;
    const [batches, levels] = [throughput.result() as ThroughputResult, scalability.result() as ScalabilityResult];
    const points = await measureOperatingPoints(target, batches, levels, bounded, shared);
    if (points !== null) measured.set("operating-points", points);
    partial = points?.partial ?? null;
  };
  for (const kind of kinds) {
    // Memory that was watched throughout is read a last time in the end. A server that did not start again answers nothing.
    if (kind === "memory" ? watch !== null : starts?.partial && kind !== "latency") continue;
    await run(kind, testAfter(kind, starts));
    if (kind === "throughput" || kind === "scalability") await combine();
  }
  if (watch !== null) await run("memory", memoryTestAfter(watch) as Test<ResultKind, AllOptions>);
  if (partial === null && options.signal?.aborted) partial = "interrupted";
  warnings.push(...warningsOf(target, windows), ...notTried(kinds, measured, partial));
  // Only now: every figure rests on all visits of its load.
  const tests = Object.fromEntries([...measured].map(([kind, of]) => [kind, of.result()])) as TestResults;
  if (gpu.hasGpus) warnings.push(...unseenGpu(tests));
  if (target.protocol.takesTensors) warnings.push(...madeInputs(options.inputs ?? target.description.input, tests));
  const durationMs = clock.now() - originMs;
  return {
    startedAt,
    durationMs,
    seed: options.seed ?? defaultOf("seed"),
    // Only now: reading it takes CPU time that a measurement would notice.
    environment: await readEnvironment(),
    target: describeTarget(target, options),
    partial,
    tests,
    warnings,
  };
}

/** What limits what the run's numbers can carry, once it has ended. */
function warningsOf({ model, protocol }: Target, { modelLost, isModelUnsure, requests }: RunWindows): string[] {
  const limits = requests?.limits ?? null;
  return [
    ...(modelLost === null ? [] : [
      `The model "${model}" is gone from the server: this run unloaded it and could not load it again: ${modelLost}.`,
    ]),
    ...(isModelUnsure ? [mayBeGone(model)] : []),
    ...(limits === null ? [] : [differLess(limits)]),
    ...protocol.notes?.() ?? [],
  ];
}

/** The tests that a run which was cut short did not come to. */
function notTried(
  kinds: readonly TestKind[],
  measured: ReadonlyMap<ResultKind, unknown>,
  partial: Measurements["partial"],
): string[] {
  const left = partial === null ? [] : kinds.filter((kind) => !measured.has(kind));
  return left.length === 0 ? [] : [`Not tried, as the run was cut short before: ${left.join(", ")}.`];
}

function differLess(limits: string): string {
  return `Requests differ less than they might: ${limits}.`;
}

function testAfter(kind: TestKind, starts: TimedStarts | null): Test<ResultKind, AllOptions> {
  return (kind === "latency" ? latencyTestAfter(starts) : TESTS[kind].run) as Test<ResultKind, AllOptions>;
}

/**
 * Where this run started the server: waits until it serves, and measures its starts for the latency test, before all else
 * as what is seen of a process ends with it. The last start serves the tests. Where it was there before, one answer is enough
 * for a run of several tests.
 */
async function whenServing(
  target: Target,
  kinds: readonly TestKind[],
  options: AllOptions,
  windows: RunWindows,
): Promise<TimedStarts | null> {
  if (target.started === undefined && kinds.length === 1) return null;
  const [kind = "basic"] = kinds;
  const run = async (session: Session) => {
    if (target.started === undefined) {
      await checkAnswered(session, options);
      return null;
    }
    if (kinds.includes("latency")) return await startsWithin(session, options);
    await awaitPrediction(session, options);
    return null;
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
  const warnings = await busyWarning();
  const ab = await runAbTest(targetA, targetB, options);
  const limits = [ab.a, ab.b].flatMap(({ absences }) => absences["inputs"] ?? []).map(differLess);
  warnings.push(...new Set([...limits, ...[targetA, targetB].flatMap(({ protocol }) => protocol.notes?.() ?? [])]));
  return {
    startedAt: ab.startedAt,
    durationMs: ab.elapsedMs,
    seed: ab.seed,
    environment: await readEnvironment(),
    target: ab.a.target,
    partial: ab.partial,
    tests: { ab },
    warnings,
  };
}

/** Levels of many tests are shorter, so that all of them together take less than two minutes. */
function withinMinutes(options: AllOptions): AllOptions {
  const given = options.durationMs !== undefined || options.requests !== undefined || options.quick === true;
  return given ? options : { ...options, durationMs: defaultOf("durationMs", options, "comprehensive") };
}

async function busyWarning(): Promise<string[]> {
  const { busy, loadAverage1m, cores } = await hostBusy();
  return busy
    ? [`This machine was busy before the run: load average ${loadAverage1m!.toFixed(1)} on ${cores} cores.`]
    : [];
}
