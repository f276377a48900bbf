import type { BaselineCheck } from "./comparison.ts";
import type { Environment } from "./environment.ts";
import type { Efficiency, Finding } from "./finding.ts";
import type { Recommendation } from "./recommendation.ts";
import type { Gate } from "./gate.ts";
import type { TestResults } from "./kinds.ts";
import type { PartialReason } from "./result_base.ts";
import type { RunPart } from "./resume/run_part.ts";
import type { TargetDescription } from "./target_description.ts";

/** Version of the results file. Raised when a field changes its meaning or goes. */
export const SCHEMA_VERSION = 2;

/** Everything that was measured in one run, before it is analysed. */
export interface Measurements {
  /** ISO 8601. */
  readonly startedAt: string;
  /** How long all tests took, ms. */
  readonly durationMs: number;
  /** Seed of everything random. */
  readonly seed: number;
  /** The machine that measured. */
  readonly environment: Environment;
  /** What was measured. */
  readonly target: TargetDescription;
  /** Why it holds less than it was asked for, or `null` if it is whole. */
  readonly partial: PartialReason | null;
  /** Results by test. */
  readonly tests: TestResults;
  /** For people: whatever limits what the numbers can carry. */
  readonly warnings: readonly string[];
  /**
   * What was asked for, by option, and the tests: a run that breaks off goes on with the same. Left out of a run of one test
   * and by versions that did not keep it.
   */
  readonly asked?: Readonly<Record<string, string>>;
  /** The parts of a run that broke off and went on, in the order of time; left out where it ran in one go. */
  readonly parts?: readonly RunPart[];
}

/** The results file: what `--format json` writes, `mod.ts` returns, notebooks read and `compare` takes. */
export interface Report extends Measurements {
  /** Version of this format. */
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** What wrote it. */
  readonly tool: {
    /** Name of the tool. */
    readonly name: string;
    /** Its version. */
    readonly version: string;
  };
  /** The command line that gives this run again. */
  readonly command: string;
  /** What the results show. */
  readonly findings: readonly Finding[];
  /** What to do. */
  readonly recommendations: readonly Recommendation[];
  /** The fastest load beside the most efficient one; left out where neither energy nor a price is known. */
  readonly efficiency?: Efficiency;
  /** Whether the objectives of `--gate` were kept; left out without. */
  readonly gate?: Gate;
  /** How it stands against the run of `--baseline`; left out without. */
  readonly baseline?: BaselineCheck;
}
