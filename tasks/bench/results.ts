import { cpus, release } from "node:os";
import { fileURLToPath } from "node:url";
import type { Bar } from "./bar.ts";
import type { Row } from "./row.ts";

/** Where the figures are kept; git ignores the folder. */
export const RESULTS: string = fileURLToPath(new URL("../../reports/bench/results.json", import.meta.url));

/** A run of the benchmark. */
export interface BenchResults {
  /** When it began, ISO 8601. */
  readonly date: string;
  /** On what, for people. */
  readonly machine: string;
  /** Rounds of each measurement. */
  readonly pairs: number;
  /** How long each client measured in a round, s. */
  readonly seconds: number;
  /** The figures. */
  readonly rows: readonly Row[];
  /** The bars. */
  readonly bars: readonly Bar[];
  /** What could not be measured and why. */
  readonly lacks: readonly string[];
}

/** This machine, for people. */
export function machineName(): string {
  const { model = "unknown processor" } = cpus()[0] ?? {};
  return `${model}, ${navigator.hardwareConcurrency} cores, Linux ${release()}, Deno ${Deno.version.deno}`;
}

/**
 * Keeps a run in place of the one before.
 *
 * @param results The run.
 */
export async function saveResults(results: BenchResults): Promise<void> {
  await Deno.mkdir(RESULTS.slice(0, RESULTS.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}

/**
 * The last run.
 *
 * @throws {Deno.errors.NotFound} If there is none.
 */
export async function readResults(): Promise<BenchResults> {
  return JSON.parse(await Deno.readTextFile(RESULTS)) as BenchResults;
}
