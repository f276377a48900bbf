import { gateMetrics } from "../../objectives/evaluate_gate.ts";
import { UsageError } from "../../core/errors.ts";
import type { Objective } from "../../results/objective.ts";
import { parseObjectives } from "../../objectives/parse_objectives.ts";
import { TEST_KINDS } from "../../results/result.ts";
import type { GivenOptions } from "./given_options.ts";
import type { TestType } from "./options.ts";

/** What a run must keep to end with 0. */
export interface GateOptions {
  /** Objectives of `--gate`, or `null`. */
  readonly gate: { readonly objectives: readonly Objective[]; readonly lenient: boolean } | null;
  /** Results file of `--baseline` and the largest part by which a figure may be worse, or `null`. */
  readonly baseline: { readonly path: string; readonly maxRegression: number } | null;
}

const DEFAULT_MAX_REGRESSION = 0.05;

/**
 * Reads what a run must keep.
 *
 * @param given The options.
 * @param testType The test: objectives that it does not measure are refused before it runs.
 * @returns The gate and the baseline, as far as they were given.
 * @throws {UsageError} If they cannot be read, or one of their options is there without them.
 */
export function readGateOptions(given: GivenOptions, testType: Exclude<TestType, "ab">): GateOptions {
  const text = given.text("gate");
  const path = given.text("baseline");
  if (text === undefined && given.has("gate-lenient")) throw without("gate-lenient", "gate");
  if (path === undefined && given.has("max-regression")) throw without("max-regression", "baseline");
  const kinds = testType === "comprehensive" ? TEST_KINDS : [testType];
  return {
    gate: text === undefined
      ? null
      : { objectives: parseObjectives(text, gateMetrics(kinds)), lenient: given.has("gate-lenient") },
    baseline: path === undefined ? null : { path, maxRegression: maxRegression(given) },
  };
}

function maxRegression(given: GivenOptions): number {
  const text = given.text("max-regression");
  if (text === undefined) return DEFAULT_MAX_REGRESSION;
  const percent = /^(\d+\.?\d*|\.\d+)\s*%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) < 100) return Number(percent) / 100;
  throw new UsageError(
    `Cannot read the command line as "--max-regression" must be a percentage from 0% to under 100%: current value is "${text}"`,
    { hint: "Write --max-regression 5%." },
  );
}

function without(name: string, missing: string): UsageError {
  return new UsageError(`Cannot use "--${name}" as it must be with "--${missing}": there is none`, {
    hint: `Leave it out, or give --${missing}.`,
  });
}
