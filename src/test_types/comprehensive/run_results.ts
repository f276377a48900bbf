import type { BusyMachine } from "../../results/evidence/busy_machine.ts";
import type { Clock } from "../../core/clock.ts";
import type { Target } from "../../core/target.ts";
import { mayBeGone } from "../../measure/control/after_signal.ts";
import { describeTarget } from "../../measure/describe_target.ts";
import type { Measured } from "../../measure/run_session.ts";
import type { RunWindows } from "../../measure/run_windows.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { TestOptions } from "../../measure/settings/options.ts";
import { readEnvironment } from "../../observe/environment.ts";
import type { Environment } from "../../results/environment.ts";
import type { TestKind } from "../../results/comprehensive_kinds.ts";
import type { CacheCheck } from "../../results/kinds/cache_check.ts";
import type { ResultKind, TestResult, TestResults } from "../../results/kinds.ts";
import type { Measurements } from "../../results/report.ts";
import type { PartialReason } from "../../results/result_base.ts";
import type { RunPart } from "../../results/resume/run_part.ts";
import { madeInputs } from "../made_inputs.ts";
import { unseenGpu } from "../unseen_gpu.ts";
import { goneInWords, limitsInWords, notTriedInWords, sentAgainInWords } from "./limits_in_words.ts";
import { partsInWords } from "./parts_in_words.ts";
import type { ResumeOptions } from "./resume_options.ts";
import type { TakenUp } from "./take_up.ts";

/** A level is kept only after so many times as long as it took to keep the last one. */
const REST = 20;

/** What a run consists of. */
export interface RunOf {
  /** The model to measure. */
  readonly target: Target;
  /** Options of all tests. */
  readonly options: TestOptions & ResumeOptions;
  /** Source of time. */
  readonly clock: Clock;
  /** Its windows. */
  readonly windows: RunWindows;
  /** Its tests. */
  readonly kinds: readonly TestKind[];
  /** What was asked for; left out of a run of one test. */
  readonly asked: Measurements["asked"];
  /** What the run measured before it broke off; `null` where it begins. */
  readonly before: TakenUp | null;
  /** That the machine was busy before, or `null`. */
  readonly busy: BusyMachine | null;
  /** What limits its numbers from the beginning, for people. */
  readonly warnings: readonly string[];
}

/** The results of a run, while it measures and in the end. */
export class RunResults {
  /** Why nothing more can be measured; `null` while it can. */
  partial: PartialReason | null = null;
  /** Whether answers came from a cache, as this part of a run that goes on saw it. */
  cache: CacheCheck | null = null;
  readonly #run: RunOf;
  readonly #startedAt = new Date().toISOString();
  readonly #startedMs: number;
  readonly #measured = new Map<ResultKind, Measured<TestResult>>();
  /** Results as they were when their tests ended: some take as long to make as a window. */
  readonly #kept = new Map<ResultKind, TestResult>();
  #environment: Environment | null;
  #restsUntilMs = -Infinity;

  /** @param run What it consists of. */
  constructor(run: RunOf) {
    this.#run = run;
    this.#startedMs = run.clock.now();
    this.#environment = run.before?.environment ?? null;
  }

  /**
   * Whether there is a result of a test.
   *
   * @param kind The test.
   */
  has(kind: ResultKind): boolean {
    return this.#measured.has(kind) || this.#run.before?.results.has(kind) === true;
  }

  /**
   * The result of a test over all windows of the run so far, or as it was before the run broke off.
   *
   * @param kind The test.
   */
  of(kind: ResultKind): TestResult | undefined {
    return this.#measured.get(kind)?.result() ?? this.#run.before?.results.get(kind);
  }

  /**
   * Adds a test that has measured.
   *
   * @param kind The test.
   * @param measured What makes its result.
   */
  async add(kind: ResultKind, measured: Measured<TestResult>): Promise<void> {
    this.#measured.set(kind, measured);
    this.partial = measured.partial;
    const { onMeasured } = this.#run.options;
    // One that ended the run is handed over with all the rest at once.
    if (onMeasured === undefined || this.partial !== null) return;
    this.#kept.set(kind, measured.result());
    await onMeasured(await this.#soFar());
  }

  /**
   * Keeps what a test has measured so far, unless that was done not long ago.
   *
   * @param kind The test.
   * @param result Makes its result so far.
   */
  async keep(kind: ResultKind, result: () => TestResult): Promise<void> {
    const { clock, options: { onMeasured } } = this.#run;
    const startMs = clock.now();
    if (onMeasured === undefined || startMs < this.#restsUntilMs) return;
    await onMeasured(await this.#soFar([kind, result()]));
    const endMs = clock.now();
    this.#restsUntilMs = endMs + REST * (endMs - startMs);
  }

  /** All that was measured, once nothing more is. */
  measurements(): Promise<Measurements> {
    // Only now: every figure rests on all visits of its load.
    return this.#of([...this.#measured].map(([kind, measured]) => [kind, measured.result()]), this.partial);
  }

  #soFar(...more: readonly (readonly [ResultKind, TestResult])[]): Promise<Measurements> {
    return this.#of([...this.#kept, ...more], "interrupted");
  }

  async #of(
    own: readonly (readonly [ResultKind, TestResult])[],
    partial: PartialReason | null,
  ): Promise<Measurements> {
    const { target, kinds, options, windows, asked, before, warnings, clock } = this.#run;
    const { inputs = target.description.input, repeatInputs = false } = options;
    const tests = Object.fromEntries([...before?.results ?? [], ...own]) as TestResults;
    const durationMs = clock.now() - this.#startedMs;
    // Not before the first window: reading it takes CPU time that a measurement would notice.
    this.#environment ??= await readEnvironment();
    const { busy } = this.#run;
    const environment = { ...this.#environment, ...busy === null ? {} : { busy } };
    const part: RunPart = {
      startedAt: this.#startedAt,
      durationMs,
      environment,
      tests: own.map(([kind]) => kind),
      dropped: [],
      ended: partial,
      ...(this.cache === null ? {} : { cache: this.cache }),
    };
    const parts = [...before?.parts ?? [], part];
    const busiest = parts.flatMap(({ tests, environment: { busy } }) => tests.length > 0 ? busy ?? [] : [])
      .toSorted((a, b) => b.loadAverage1m - a.loadAverage1m)[0];
    return {
      startedAt: parts[0]!.startedAt,
      durationMs: parts.reduce((sum, each) => sum + each.durationMs, 0),
      seed: options.seed ?? defaultOf("seed"),
      environment: { ...environment, ...busiest === undefined ? {} : { busy: busiest } },
      target: describeTarget(target, options),
      partial,
      tests,
      warnings: [
        ...new Set([
          ...before?.warnings ?? [],
          ...warnings,
          ...windows.modelLost === null ? [] : [goneInWords(target.model, windows.modelLost)],
          ...windows.isModelUnsure ? [mayBeGone(target.model)] : [],
          ...limitsInWords(windows.requests?.limits ?? null),
          ...sentAgainInWords(inputs, windows.sent, repeatInputs),
          ...target.protocol.notes?.() ?? [],
          ...windows.notes,
          ...testsInWords(target, options, tests, windows.gpu.hasGpus),
          ...before === null ? [] : partsInWords(parts),
          ...partial === null ? [] : notTriedInWords(kinds.filter((kind) => !(kind in tests))),
        ]),
      ],
      ...(asked === undefined ? {} : { asked }),
      ...(before === null ? {} : { parts }),
    };
  }
}

/** What limits what the numbers can carry, as the results of all tests show it. */
function testsInWords(
  { protocol, description }: Target,
  { inputs = description.input }: TestOptions,
  tests: TestResults,
  hasGpus: boolean,
): string[] {
  return [
    ...hasGpus ? unseenGpu(tests) : [],
    ...protocol.takesTensors ? madeInputs(inputs, tests) : [],
  ];
}
