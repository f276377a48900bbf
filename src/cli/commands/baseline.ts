import { UsageError } from "../../core/errors.ts";
import type { Report } from "../../results/report.ts";
import type { TargetDescription } from "../../results/target_description.ts";
import type { TestKind } from "../../results/comprehensive_kinds.ts";
import { GENERATION_CIRCUMSTANCES } from "../../compare/generation_circumstances.ts";
import { KINDS, type TestResult, type TestResults } from "../../results/kinds.ts";
import type { Kind, LevelWindow } from "../../results/kinds/kind.ts";
import { type ArrivalPattern, loadKey } from "../../results/window/load.ts";
import type { LoadOptions } from "../../measure/settings/options.ts";
import { planOf } from "../../test_types/comprehensive.ts";
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
 * Makes sure that a baseline is of the model and protocol that will be measured, and of the same prompts and answers.
 *
 * @param baseline The baseline.
 * @param path Where it came from.
 * @param target What is measured.
 * @throws {UsageError} If it is of another.
 */
export function checkSameTarget(
  baseline: Report,
  path: string,
  target: TargetDescription,
): void {
  const generated = GENERATION_CIRCUMSTANCES.filter(({ severity }) => severity === "critical")
    .map(({ what, of }) => [what, of(baseline), of({ target })])
    // What is not known of one of them, as in older files, is no difference.
    .filter(([, then, now]) => then !== undefined && now !== undefined);
  for (
    const [what, then, now] of [
      ["model", baseline.target.model, target.model],
      ["protocol", baseline.target.protocol, target.protocol],
      ...generated,
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

/** What tests ask of a server, where two runs must have the same, in words. */
const ASKED: Readonly<Record<string, string>> = {
  concurrency: "concurrency",
  batchSize: "batch size",
  maxConnections: "number of connections",
};

/** Why a test of this run has no counterpart in the baseline, or `null` if it has. */
function mismatch(kind: TestKind, tests: TestResults, options: BaselineOptions): string | null {
  const result = tests[kind];
  if (result === undefined) return `it must hold a result of the ${kind} test: it has none`;
  const spec = KINDS[kind] as Kind<TestResult>;
  const then = spec.asked(result);
  const { asked: now, arrivals } = planOf(kind, options);
  if (now["kind"] !== then["kind"]) return `its ${kind} test must be of the same kind: only one has a --rate`;
  const other = arrivals === undefined ? null : otherArrivals(spec.windows(result), arrivals);
  if (other !== null) return `its ${kind} test must have offered ${other}`;
  const different = Object.keys(ASKED).find((name) => name in now && now[name] !== then[name]);
  if (different === undefined) return null;
  const found = `it has ${then[different]}, this run ${now[different]}`;
  return `its ${kind} test must have the same ${ASKED[different]}: ${found}`;
}

/** What an open loop lacks that has none of these arrivals, or `null` if it has one. */
function otherArrivals(windows: readonly LevelWindow[], now: readonly ArrivalPattern[]): string | null {
  if (now.length === 0) return "one of the same rates: give them with --rates";
  const then = windows.flatMap(({ window: { load } }) => load.kind === "open" ? [load.arrivals] : []);
  const keys = now.map(loadKey);
  if (then.some((arrivals) => keys.includes(loadKey(arrivals)))) return null;
  return `${now.length > 1 ? "one of the same loads" : "the same load"}: ` +
    `it has ${enumerate(then.map(inWords))}, this run ${enumerate(now.map(inWords))}`;
}

const inWords = (arrivals: ArrivalPattern) => patternInWords(arrivals).replaceAll("\u00a0", " ");

function refused(path: string, why: string, hint: string): UsageError {
  return new UsageError(`Cannot compare with "${path}" as ${why}`, { hint });
}
