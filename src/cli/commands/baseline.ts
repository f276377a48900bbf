import { UsageError } from "../../core/errors.ts";
import type { Report } from "../../results/report.ts";
import type { TestResults } from "../../results/result.ts";
import type { Target } from "../../core/target.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { RunOptions } from "../options/given_options.ts";
import { loadResult } from "../inputs/report_file.ts";

type Kind = Exclude<keyof TestResults, "operatingPoints">;

/**
 * Reads the baseline of a run, before anything is measured.
 *
 * @param path A results file.
 * @param kinds Tests that the run consists of.
 * @param options Options of the tests.
 * @throws {UsageError} If it cannot be read, or holds nothing that this run could be compared with.
 */
export async function readBaseline(path: string, kinds: readonly Kind[], options: RunOptions): Promise<Report> {
  const baseline = await loadResult(path);
  const reasons = kinds.map((kind) => mismatch(kind, baseline.tests, options));
  if (reasons.some((reason) => reason === null)) return baseline;
  throw refused(path, reasons[0]!, "Make the baseline by the same command with --output baseline.json.");
}

/**
 * Makes sure that a baseline is of the model and protocol that will be measured.
 *
 * @param baseline The baseline.
 * @param path Where it came from.
 * @param target What will be measured.
 * @throws {UsageError} If it is of another.
 */
export function checkSameTarget(baseline: Report, path: string, target: Target): void {
  for (
    const [what, then, now] of [
      ["model", baseline.target.model, target.model],
      ["protocol", baseline.target.protocol, target.protocol.name],
    ]
  ) {
    if (then === now) continue;
    throw refused(
      path,
      `it must be of the same ${what}: it is of "${then}", this run of "${now}"`,
      "Use deno task compare to compare them all the same.",
    );
  }
}

/** Why a test of this run has no counterpart in the baseline, or `null` if it has. */
function mismatch(kind: Kind, { basic, throughput, scalability, ...tests }: TestResults, options: RunOptions) {
  const { concurrency = defaultOf("concurrency"), batchSize = defaultOf("batchSize"), ratePerSecond } = options;
  const same = (name: string, then: number, now: number) =>
    then === now ? null : `its ${kind} test must have the same ${name}: it has ${then}, this run ${now}`;
  const missing = `it must hold a result of the ${kind} test: it has none`;
  switch (kind) {
    case "basic":
      if (basic === undefined) return missing;
      if ((basic.offered === undefined) !== (ratePerSecond === undefined)) {
        return "its basic test must be of the same kind: only one has a --rate";
      }
      return (ratePerSecond === undefined ? same("concurrency", basic.concurrency, concurrency) : null) ??
        same("batch size", basic.batchSize, batchSize);
    case "throughput":
      return throughput === undefined ? missing : same("concurrency", throughput.concurrency, concurrency);
    case "scalability":
      return scalability === undefined ? missing : same("batch size", scalability.batchSize, batchSize);
    case "load":
      return "its figures must have intervals, and a saturation rate has none: use --rate of the basic test";
    default:
      return tests[kind] === undefined ? missing : null;
  }
}

function refused(path: string, why: string, hint: string): UsageError {
  return new UsageError(`Cannot compare with "${path}" as ${why}`, { hint });
}
