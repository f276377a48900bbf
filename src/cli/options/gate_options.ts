import { checkGoodput, parseCapacityObjectives } from "../../objectives/capacity_objectives.ts";
import { gateMetrics } from "../../objectives/evaluate_gate.ts";
import type { Objective } from "../../results/objective.ts";
import { parseObjectives } from "../../objectives/parse_objectives.ts";
import { COMPREHENSIVE_KINDS } from "../../results/comprehensive_kinds.ts";
import type { GivenOptions } from "./given_options.ts";
import type { TestName } from "../../measure/settings/setting.ts";

/** What a run must keep to end with 0. */
export interface GateOptions {
  /** Objectives of `--gate`, or `null`. */
  readonly gate: { readonly objectives: readonly Objective[]; readonly lenient: boolean } | null;
  /** Results file of `--baseline` and the largest part by which a figure may be worse, or `null`. */
  readonly baseline: { readonly path: string; readonly maxRegression: number } | null;
}

const DEFAULT_MAX_REGRESSION = 0.05;

/**
 * Reads what a run must keep. Objectives whose capacity is searched are refused here too, before a server is started.
 *
 * @param given The options.
 * @param testType The test: objectives that it does not measure are refused before it runs.
 * @returns The gate and the baseline, as far as they were given.
 * @throws {UsageError} If they cannot be read.
 */
export function readGateOptions(given: GivenOptions, testType: Exclude<TestName, "ab">): GateOptions {
  const text = given.get("gate");
  const { goodput, objectives } = given.settings();
  if (objectives !== undefined) parseCapacityObjectives(objectives, goodput);
  const path = given.get("baseline");
  const kinds = testType === "comprehensive" ? COMPREHENSIVE_KINDS : [testType];
  const gated = text === undefined ? null : parseObjectives(text, gateMetrics(kinds));
  checkGoodput(gated ?? [], goodput, "hold the run to");
  return {
    gate: gated === null ? null : { objectives: gated, lenient: given.get("gate-lenient") ?? false },
    baseline: path === undefined
      ? null
      : { path, maxRegression: given.get("max-regression") ?? DEFAULT_MAX_REGRESSION },
  };
}
