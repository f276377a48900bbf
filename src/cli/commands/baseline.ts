import { UsageError } from "../../core/errors.ts";
import type { Report } from "../../results/report.ts";
import type { TestKind } from "../../results/comprehensive_kinds.ts";
import type { TestResults } from "../../results/kinds.ts";
import { type ArrivalPattern, type Load, loadKey } from "../../results/window/load.ts";
import type { Target } from "../../core/target.ts";
import { patternAt, tracePattern } from "../../measure/window/arrivals_of.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { LoadOptions } from "../../measure/settings/options.ts";
import { patternInWords } from "../../words/load_in_words.ts";
import { enumerate } from "../../words/words.ts";
import type { RunOptions } from "../options/given_options.ts";
import { loadResult } from "../inputs/report_file.ts";

/** The options of a run, with the moments of its trace. */
export type BaselineOptions = RunOptions & Pick<LoadOptions, "traceMs">;

/**
 * Reads the baseline of a run, before anything is measured.
 *
 * @param path A results file.
 * @param kinds Tests that the run consists of.
 * @param options Options of the tests.
 * @throws {UsageError} If it cannot be read, or holds nothing that this run could be compared with.
 */
export async function readBaseline(
  path: string,
  kinds: readonly TestKind[],
  options: BaselineOptions,
): Promise<Report> {
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
function mismatch(kind: TestKind, tests: TestResults, options: BaselineOptions): string | null {
  const { concurrency = defaultOf("concurrency"), batchSize = defaultOf("batchSize"), ratePerSecond } = options;
  const { basic, throughput, scalability, load } = tests;
  if (tests[kind] === undefined) return `it must hold a result of the ${kind} test: it has none`;
  if (kind === "basic" && basic !== undefined) {
    if ((basic.load.kind === "closed") !== (ratePerSecond === undefined)) {
      return "its basic test must be of the same kind: only one has a --rate";
    }
    return ratePerSecond === undefined
      ? different(kind, "concurrency", basic.concurrency, concurrency) ??
        different(kind, "batch size", basic.batchSize, batchSize)
      : differentArrivals(kind, [basic.load], [patternAt(ratePerSecond, options)], options);
  }
  if (kind === "throughput" && throughput !== undefined) {
    return different(kind, "concurrency", throughput.concurrency, concurrency);
  }
  if (kind === "scalability" && scalability !== undefined) {
    return different(kind, "batch size", scalability.batchSize, batchSize);
  }
  if (kind === "load" && load !== undefined) {
    const now = patternsOf(options);
    return now.length === 0
      ? "its load test must have offered one of the same rates: give them with --rates"
      : differentArrivals(kind, load.levels.map((level) => level.load), now, options);
  }
  return null;
}

function different(kind: TestKind, name: string, then: number | null, now: number): string | null {
  return then === now ? null : `its ${kind} test must have the same ${name}: it has ${then}, this run ${now}`;
}

/** The arrivals that a load test is told to offer; none where it finds them itself. */
function patternsOf(options: BaselineOptions): ArrivalPattern[] {
  const { ramp, traceMs, rates = [] } = options;
  if (ramp !== undefined) return [{ kind: "ramp", ...ramp }];
  if (traceMs !== undefined) return [tracePattern(traceMs)];
  return rates.map((rate) => patternAt(rate, options));
}

/** Why none of the loads of an open loop stands in both runs, or `null` if one does. */
function differentArrivals(
  kind: TestKind,
  loads: readonly Load[],
  now: readonly ArrivalPattern[],
  options: BaselineOptions,
): string | null {
  const { batchSize = defaultOf("batchSize"), maxConnections = defaultOf("maxConnections") } = options;
  const then = loads.filter((load) => load.kind === "open");
  const keys = now.map(loadKey);
  const same = then.find(({ arrivals }) => keys.includes(loadKey(arrivals)));
  if (same === undefined) {
    return `its ${kind} test must have offered ${now.length > 1 ? "one of the same loads" : "the same load"}: ` +
      `it has ${enumerate(then.map(({ arrivals }) => inWords(arrivals)))}, ` +
      `this run ${enumerate(now.map(inWords))}`;
  }
  return different(kind, "batch size", same.batchSize, batchSize) ??
    different(kind, "number of connections", same.maxConnections, maxConnections);
}

const inWords = (arrivals: ArrivalPattern) => patternInWords(arrivals).replaceAll("\u00a0", " ");

function refused(path: string, why: string, hint: string): UsageError {
  return new UsageError(`Cannot compare with "${path}" as ${why}`, { hint });
}
