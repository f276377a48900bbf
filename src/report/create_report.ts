import { analyze } from "../analysis/analyze.ts";
import { type Measurements, type Report, SCHEMA_VERSION } from "../results/report.ts";
import { UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import { VERSION } from "../core/version.ts";

/** Options of {@linkcode createReport}. */
export interface ReportOptions {
  /** The command line that gives this run again. @default {"made through mod.ts"} */
  readonly command?: string;
  /** What the server costs, USD an hour: gives the cost of a million predictions. @default {none is given} */
  readonly pricePerHour?: number;
}

/**
 * Analyses measurements: the document that every format is written from, and that the results file holds.
 *
 * @param measurements From `runComprehensive` or `runTests`.
 * @param options What made them.
 * @returns The report.
 * @throws {UsageError} If the price is not above 0.
 */
export function createReport(measurements: Measurements, options: ReportOptions = {}): Report {
  const { pricePerHour } = options;
  if (pricePerHour !== undefined && !(pricePerHour > 0 && Number.isFinite(pricePerHour))) {
    throw new UsageError(
      naming`Cannot make the report as "${option("pricePerHour")}" must be above 0: current value is ${pricePerHour}`,
    );
  }
  const { startedAt, durationMs, seed, environment, target, partial, tests, warnings, asked, parts } = measurements;
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
    ...analyze(tests, {
      device: target.device,
      gpus: environment.gpus.length,
      ...(environment.busy === undefined ? {} : { busy: environment.busy }),
      ...(pricePerHour === undefined ? {} : { pricePerHour }),
    }),
    warnings,
    ...(asked === undefined ? {} : { asked }),
    ...(parts === undefined ? {} : { parts }),
  };
}
