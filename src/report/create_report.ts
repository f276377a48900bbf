import { analyze } from "../analysis/analyze.ts";
import { type Measurements, type Report, SCHEMA_VERSION } from "../results/report.ts";
import { VERSION } from "../core/version.ts";

/** Options of {@linkcode createReport}. */
export interface ReportOptions {
  /** The command line that gives this run again. @default {"made through mod.ts"} */
  readonly command?: string;
}

/**
 * Analyses measurements: the document that every format is written from, and that the results file holds.
 *
 * @param measurements From `runComprehensive` or `runTests`.
 * @param options What made them.
 * @returns The report.
 */
export function createReport(measurements: Measurements, options: ReportOptions = {}): Report {
  const { startedAt, durationMs, seed, environment, target, partial, tests, warnings } = measurements;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: "torchgauge", version: VERSION },
    startedAt,
    durationMs,
    seed,
    command: options.command ?? "made through mod.ts",
    environment,
    target,
    partial,
    tests,
    ...analyze(tests),
    warnings,
  };
}
