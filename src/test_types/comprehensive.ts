import { systemClock } from "../core/clock.ts";
import type { ComprehensiveOptions, LoadOptions } from "../measure/settings/options.ts";
import { defaultOf } from "../measure/settings/default_of.ts";
import type { Measurements, TargetDescription } from "../results/report.ts";
import { TEST_KINDS, type TestKind, type TestResult, type TestResults } from "../results/result.ts";
import type { Target } from "../core/target.ts";
import { readEnvironment } from "../observe/environment.ts";
import { hostBusy } from "../observe/host_busy.ts";
import { runBasicTest } from "./basic.ts";
import { runLatencyTest } from "./latency.ts";
import { runLoadTest } from "./load/load.ts";
import { runMemoryTest } from "./memory/memory.ts";
import { measureOperatingPoints } from "./operating_points.ts";
import { runScalabilityTest } from "./scalability.ts";
import { runThroughputTest } from "./throughput.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Tests by kind; each takes what it needs of all options. */
const TESTS: { [K in TestKind | "load"]: (target: Target, options: AllOptions) => Promise<TestResult> } = {
  basic: runBasicTest,
  latency: runLatencyTest,
  throughput: runThroughputTest,
  scalability: runScalabilityTest,
  memory: runMemoryTest,
  load: runLoadTest,
};

/** Options of every test. */
export type AllOptions = ComprehensiveOptions & LoadOptions;

/**
 * Runs every test, then measures the recommended batch size and concurrency together (METHODS 14).
 *
 * @param target The model to measure, from `connect`.
 * @param options Options of all tests.
 * @returns Results by test with the machine that measured; `createReport` analyses them.
 * @throws {UsageError} If an option is out of its range.
 */
export function runComprehensive(target: Target, options: ComprehensiveOptions = {}): Promise<Measurements> {
  return runTests(target, TEST_KINDS, options);
}

/**
 * Runs some of the tests one after another. One that is interrupted, or loses the server, is the last; what was measured
 * until then is returned, marked partial.
 *
 * @param target The model to measure, from `connect`.
 * @param kinds Tests to run, in this order.
 * @param options Options of all tests.
 * @returns Results by test with the machine that measured.
 * @throws {UsageError} If an option is out of its range.
 */
export async function runTests(
  target: Target,
  kinds: readonly (TestKind | "load")[],
  options: AllOptions = {},
): Promise<Measurements> {
  const clock = options.clock ?? systemClock;
  const bounded = kinds.length > 1 ? withinMinutes(options) : options;
  const startedAt = new Date().toISOString();
  const originMs = clock.now();
  const warnings = await busyWarning();
  const tests: Mutable<TestResults> = {};
  let partial: Measurements["partial"] = null;
  for (const kind of kinds) {
    const result = await TESTS[kind](target, bounded);
    Object.assign(tests, { [kind]: result });
    partial = result.partial;
    if (partial !== null) break;
  }
  if (partial === null && tests.throughput !== undefined && tests.scalability !== undefined) {
    tests.operatingPoints = await measureOperatingPoints(target, tests.throughput, tests.scalability, bounded);
  }
  if (partial === null && options.signal?.aborted) partial = "interrupted";
  const durationMs = clock.now() - originMs;
  return {
    startedAt,
    durationMs,
    seed: options.seed ?? defaultOf("seed"),
    // Only now: reading it takes CPU time that a measurement would notice.
    environment: await readEnvironment(),
    target: describe(target),
    partial,
    tests,
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

function describe({ url, protocol, model, embedded, description }: Target): TargetDescription {
  return { url, protocol: protocol.name, model, embedded, device: description.device };
}
