import type { Clock } from "../../core/clock.ts";
import { UsageError } from "../../core/errors.ts";
import type { Target } from "../../core/target.ts";
import type { Test } from "../../measure/run_session.ts";
import { RunWindows } from "../../measure/run_windows.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { Visit } from "../../measure/window/visit.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import { createReport } from "../../report/create_report.ts";
import type { Environment } from "../../results/environment.ts";
import type { ResultKind, TestResult, TestResults } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import type { TargetDescription } from "../../results/target_description.ts";
import { isOpen } from "../../results/window/window.ts";
import { loadKey, shapeOf } from "../../results/window/load.ts";
import type { LoadResult } from "../../results/kinds/load.ts";
import { windowsOf } from "../../results/windows.ts";
import { basicTest } from "../../test_types/basic.ts";
import type { AllOptions } from "../../test_types/comprehensive.ts";
import { figuresOf, loadTest } from "../../test_types/load/load.ts";
import { scalabilityTest } from "../../test_types/scalability.ts";
import { throughputTest } from "../../test_types/throughput.ts";

/** What a file of samples says of its run at its beginning. */
export interface RunRecord {
  readonly command: string;
  readonly startedAt: string;
  readonly targets: readonly TargetDescription[];
  readonly options: AllOptions;
  /** The machine that measured; files of before lack it. */
  readonly environment?: Environment;
  /** Whether lines say which visits count; in files of before all do. */
  readonly saysWhatCounts?: true;
}

/** Tests whose results are made of their visits alone. The others also say what samples do not show. */
const OF_VISITS = { basic: basicTest, throughput: throughputTest, scalability: scalabilityTest, load: loadTest };

/** Files of before do not say what measured. */
const NOT_KNOWN: Environment = {
  os: "not known",
  cpu: null,
  cores: 0,
  memoryBytes: null,
  deno: "not known",
  gpus: [],
  gpuAbsence: "the samples do not say it",
};

/**
 * The report of a run whose file of samples breaks off, since it was killed or its disk was full: each test is made again
 * of the visits that are whole, as if it had been interrupted behind them.
 *
 * @param run What the file says of its run.
 * @param all The visits that are whole, in their order.
 * @param counts Whether results are made of one.
 * @throws {UsageError} If none of them gives a result.
 */
export async function reportOfVisits(
  run: RunRecord,
  all: readonly Visit[],
  counts: (visit: Visit) => boolean,
): Promise<Report> {
  const visits = all.filter(counts);
  const [described] = run.targets;
  const windows = new RunWindows(0);
  for (const visit of visits) windows.add(visit);
  windows.add = () => {}; // a test that is interrupted before it sends anything adds an empty visit
  const by = [...new Set(all.map((visit) => visit.by))];
  const tests: Partial<Record<ResultKind, TestResult>> = {};
  const refused = new Map<ResultKind, unknown>();
  const ofOne = run.targets.length === 1 && described !== undefined;
  for (const kind of ofOne ? by : []) {
    try {
      const result = await testAgain(kind, run, visits, windows);
      if (result !== null) tests[kind] = result;
    } catch (error) {
      refused.set(kind, error);
    }
  }
  if (Object.keys(tests).length === 0) throw [...refused.values(), nothingWhole(by)][0];
  const missing = by.filter((kind) => tests[kind] === undefined && !refused.has(kind));
  return createReport({
    startedAt: run.startedAt,
    durationMs: endOf(all),
    seed: run.options.seed ?? defaultOf("seed"),
    environment: run.environment ?? NOT_KNOWN,
    target: described!,
    partial: "interrupted",
    tests: tests as TestResults,
    warnings: [
      "The file of samples breaks off: the results are made of the visits that it holds as a whole.",
      ...(missing.length === 0 ? [] : [`Samples do not give the results of the test ${missing.join(", ")}.`]),
      ...[...refused].map(([kind, error]) => `The samples of the test ${kind} cannot be read: ${wordsOf(error)}`),
    ],
  }, { command: run.command });
}

const wordsOf = (error: unknown) => error instanceof Error ? error.message : String(error);

/** The result of one test; `null` where its visits alone do not give it. */
async function testAgain(
  kind: ResultKind,
  run: RunRecord,
  visits: readonly Visit[],
  windows: RunWindows,
): Promise<TestResult | null> {
  const test = (OF_VISITS as Partial<Record<ResultKind, Test<ResultKind, AllOptions>>>)[kind];
  const own = visits.filter((visit) => visit.by === kind);
  if (test === undefined || own.length === 0) return null;
  const measured = await test(targetOf(run.targets[0]!), optionsOf(run, visits), { windows, onlooker: null });
  const found = { ...measured.result(), ...kind === "load" ? levelsOf(own, windows) : {} };
  const inside = windowsOf({ [kind]: found } as TestResults);
  if (inside.length === 0) return null;
  const limited = inside.some(({ window }) => window.clientLimited);
  const client = { ...found.client, cpuMsPerRequest: null, cpuShare: null, eventLoopLagP99Ms: null, limited };
  const elapsedMs = spanOf(own);
  return { ...found, startedAt: run.startedAt, elapsedMs, partial: "interrupted", client } as TestResult;
}

/** The load test measures no level that it has measured before it was interrupted. */
function levelsOf(own: readonly Visit[], windows: RunWindows): Partial<LoadResult> {
  const loads = new Map(own.flatMap(({ load }) => load.kind === "open" ? [[loadKey(load), load] as const] : []));
  const levels = [...loads.values()].map((load) => summariseWindow(load, windows.of(load)).window);
  const [first] = loads.values();
  return { ...figuresOf(levels.filter(isOpen)), ...(first === undefined ? {} : { arrivals: shapeOf(first.arrivals) }) };
}

function nothingWhole(by: readonly ResultKind[]): UsageError {
  const names = Object.keys(OF_VISITS).join(", ");
  const found = by.length === 0 ? "no visit" : `visits of ${by.join(", ")} alone`;
  return new UsageError(
    `Cannot read the results as a file of samples that breaks off must hold a whole visit of ${names}: it has ${found}`,
    { hint: "Its rows are whole up to there, for whatever else reads them." },
  );
}

/** Options of what is sent and asked, which nobody does again, and of limits, which each visit says. */
const NOT_AGAIN: ReadonlySet<string> = new Set(
  [
    "inputs",
    "priority",
    "parameters",
    "sequence",
    "sequenceLength",
    "gpuMetricsUrl",
    "gpuDevices",
    "goodput",
    "objectives",
  ] satisfies (keyof AllOptions)[],
);

/** What the test was asked for, at the levels that were visited; it ends before it sends anything. */
function optionsOf({ options }: RunRecord, visits: readonly Visit[]): AllOptions {
  const batchSizes = [...new Set(visits.map(({ load }) => load.batchSize))];
  const levels = [...new Set(visits.flatMap(({ load }) => load.kind === "closed" ? [load.concurrency] : []))];
  const isSingle = options.ramp !== undefined || options.traceMs !== undefined;
  return {
    ...Object.fromEntries(Object.entries(options).filter(([name]) => !NOT_AGAIN.has(name))),
    batchSizes,
    ...(levels.length > 0 ? { levels } : {}),
    ...(isSingle ? {} : { rates: [1] }), // so that none is looked for
    clock: STANDING,
    signal: AbortSignal.abort(),
    cacheCheck: false,
  };
}

/** Time does not go on while figures are made of what was. */
const STANDING: Clock = { now: () => 0, sleep: async () => {}, sleepPrecisely: async () => {} };

/** A server that nobody asks anything. */
function targetOf({ url, protocol, model, embedded, device }: TargetDescription): Target {
  const close = () => Promise.resolve();
  return {
    url,
    model,
    embedded,
    description: { name: model, input: { kind: "json", items: [null] }, maxBatchSize: null, device },
    protocol: { name: protocol },
    protocolEvidence: "",
    openTransport: () => ({ close }),
    close,
    [Symbol.asyncDispose]: close,
  } as unknown as Target;
}

/** When the last of some visits ended, ms since the run began. */
const endOf = (visits: readonly Visit[]) => Math.max(0, ...visits.map(({ atMs, run }) => atMs + run.windowEndMs));

/** From the begin of the first of some visits to the end of the last, ms. */
const spanOf = (visits: readonly Visit[]) => endOf(visits) - Math.min(...visits.map(({ atMs }) => atMs));
