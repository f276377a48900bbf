import type { InputSpec } from "../../core/model_input.ts";
import type { Target } from "../../core/target.ts";
import { describeTarget } from "../../measure/describe_target.ts";
import type { TestOptions } from "../../measure/settings/options.ts";
import { readEnvironment } from "../../observe/environment.ts";
import type { Environment } from "../../results/environment.ts";
import type { Report } from "../../results/report.ts";
import { madeInputs } from "../made_inputs.ts";
import { unseenGpu } from "../unseen_gpu.ts";
import { checkSameMachine, checkSameRun, checkSameTarget } from "./check_resumed.ts";
import { type KeptResults, keptResults } from "./kept_results.ts";
import { isMadeAnew } from "./limits_in_words.ts";
import { partsInWords } from "./parts_in_words.ts";

/** What a run goes on with. */
export interface TakenUp extends KeptResults {
  /** The machine that goes on. */
  readonly environment: Environment;
  /** What limits what its numbers can carry, for people. */
  readonly warnings: readonly string[];
  /** When the run began, by the system's clock, ms. */
  readonly beganAtMs: number;
}

/**
 * Takes up a run that broke off.
 *
 * @param before What it measured.
 * @param asked What is asked for now.
 * @param target The model to measure.
 * @param options Options of all tests.
 * @throws {UsageError} If it was of another model, machine or version, or of other options.
 */
export async function takeUp(
  before: Report,
  asked: Readonly<Record<string, string>>,
  target: Target,
  options: TestOptions,
): Promise<TakenUp> {
  checkSameRun(before, asked);
  checkSameTarget(before, describeTarget(target, options));
  const environment = await readEnvironment();
  checkSameMachine(before, environment);
  const warnings = warningsOf(before, options.inputs ?? target.description.input);
  return { ...keptResults(before), environment, warnings, beganAtMs: Date.parse(before.startedAt) };
}

/** Those of before, without what holds no longer or is told anew when all was measured. */
function warningsOf({ tests, warnings, target: { model }, parts = [] }: Report, input: InputSpec): string[] {
  const again = new Set([...unseenGpu(tests), ...madeInputs(input, tests), ...partsInWords(parts)]);
  return warnings.filter((text) => !again.has(text) && !isMadeAnew(text, model));
}
