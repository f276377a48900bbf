import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import { gateMetrics } from "../../objectives/evaluate_gate.ts";
import { LEVEL_METRICS } from "../../objectives/metrics.ts";
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
  if (objectives !== undefined) parseObjectives(objectives, LEVEL_METRICS);
  const path = given.get("baseline");
  const kinds = testType === "comprehensive" ? COMPREHENSIVE_KINDS : [testType];
  const gated = text === undefined ? null : parseObjectives(text, gateMetrics(kinds));
  const good = goodput === undefined ? gated?.find(({ metric }) => metric === "goodput") : undefined;
  if (good !== undefined) {
    throw new UsageError(
      `Cannot hold the run to ${good.text} as what a good request is must be given: found no limits`,
      {
        hint: naming`Say it with ${option("goodput", "latency<100ms")}.`,
      },
    );
  }
  return {
    gate: gated === null ? null : { objectives: gated, lenient: given.get("gate-lenient") ?? false },
    baseline: path === undefined
      ? null
      : { path, maxRegression: given.get("max-regression") ?? DEFAULT_MAX_REGRESSION },
  };
}
