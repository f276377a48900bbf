import { UsageError } from "../../core/errors.ts";
import type { Report } from "../../results/report.ts";
import type { TestKind } from "../../results/comprehensive_kinds.ts";
import type { TestResults } from "../../results/kinds.ts";
import { type Load, rateOf } from "../../results/window/load.ts";
import type { Target } from "../../core/target.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { RunOptions } from "../options/given_options.ts";
import { loadResult } from "../inputs/report_file.ts";

/**
 * Reads the baseline of a run, before anything is measured.
 *
 * @param path A results file.
 * @param kinds Tests that the run consists of.
 * @param options Options of the tests.
 * @throws {UsageError} If it cannot be read, or holds nothing that this run could be compared with.
 */
export async function readBaseline(path: string, kinds: readonly TestKind[], options: RunOptions): Promise<Report> {
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
function mismatch(kind: TestKind, tests: TestResults, options: RunOptions): string | null {
  const { concurrency = defaultOf("concurrency"), batchSize = defaultOf("batchSize"), ratePerSecond, rates } = options;
  const { basic, throughput, scalability, load } = tests;
  const same = (name: string, then: number | null, now: number) =>
    then === now ? null : `its ${kind} test must have the same ${name}: it has ${then}, this run ${now}`;
  if (tests[kind] === undefined) return `it must hold a result of the ${kind} test: it has none`;
  if (kind === "basic" && basic !== undefined) {
    const then = askedRate(basic.load);
    if ((then === null) !== (ratePerSecond === undefined)) {
      return "its basic test must be of the same kind: only one has a --rate";
    }
    return (ratePerSecond === undefined
      ? same("concurrency", basic.concurrency, concurrency)
      : same("rate", then, ratePerSecond)) ?? same("batch size", basic.batchSize, batchSize);
  }
  if (kind === "throughput" && throughput !== undefined) {
    return same("concurrency", throughput.concurrency, concurrency);
  }
  if (kind === "scalability" && scalability !== undefined) return same("batch size", scalability.batchSize, batchSize);
  if (kind === "load" && load !== undefined) {
    const then = load.levels.map((level) => askedRate(level.load));
    return rates?.some((rate) => then.includes(rate))
      ? null
      : "its load test must have offered one of the same rates: give them with --rates";
  }
  return null;
}

const askedRate = (load: Load) => load.kind === "open" ? rateOf(load.arrivals) : null;

function refused(path: string, why: string, hint: string): UsageError {
  return new UsageError(`Cannot compare with "${path}" as ${why}`, { hint });
}
