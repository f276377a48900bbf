import type {
  BaselineCheck,
  ComparedChoice,
  ComparedFigure,
  ComparedRun,
  ComparedTest,
  Comparison,
} from "../../results/comparison.ts";
import type { Estimate } from "../../core/estimate.ts";
import { type Block, column, heading, type Item, list, paragraph, type Row, subheading } from "./block.ts";
import { displayUnit } from "../../words/estimate_in_unit.ts";
import { estimateText, formatNumber, type Unit, UNITS } from "../../words/quantity.ts";
import { enumerate } from "../../words/words.ts";

const COLUMNS = [
  column("", { alignment: "left" }),
  column("first"),
  column("second", { before: "-> " }),
  column("effect"),
  column("interval", { alignment: "left" }),
  column("verdict", { alignment: "left" }),
  column("would show", { alignment: "left", before: "(shows ", after: ")", isOptional: true }),
];

const NOISE = "The intervals hold the noise within each run, not what changes between runs: on a noisy machine, " +
  "deno task ab alternates two servers in one run.";

/** What the two files are called: their paths, on the command line. */
export interface ComparisonLabels {
  /** The first run. */
  readonly a: string;
  /** The second. */
  readonly b: string;
}

/** A comparison: first in what the runs differ, then each number with its effect. */
export function comparisonSection(comparison: Comparison, labels: ComparisonLabels): Block[] {
  const { a, b, identical } = comparison;
  const title = heading("⚖️", "COMPARISON");
  if (identical) {
    return [
      title,
      paragraph(
        `The same run twice: ${labels.a} and ${labels.b} hold the same results. There is nothing to compare.`,
        "warning",
      ),
    ];
  }
  return [
    title,
    list([`First: ${runInWords(a, labels.a)}`, `Second: ${runInWords(b, labels.b)}`]),
    ...circumstances(comparison),
    ...figuresOf(comparison),
  ];
}

/** A run against its baseline. */
export function baselineSection(check: BaselineCheck): Block[] {
  const { passed, maxRegression, regressions, lost, comparison } = check;
  const limit = formatNumber(100 * maxRegression, UNITS.percent);
  const empty = comparison.figures.every(({ difference }) => difference === null);
  const items: Item[] = [
    ...regressions.map((name): Item => ({
      text: `${name} is worse beyond its interval and the limit`,
      tone: "critical",
    })),
    ...lost.map((name): Item => ({ text: `${name} was measured then, and not now`, tone: "critical" })),
    ...(empty ? [{ text: "No number could be compared.", tone: "critical" } as const] : []),
    ...(passed ? [{ text: `No regression by more than ${limit} was shown.`, tone: "good" } as const] : []),
  ];
  return [
    heading("📏", `BASELINE: ${passed ? "PASSED" : "FAILED"}`),
    list([`Baseline: ${runInWords(comparison.a, null)}`, `Largest regression allowed: ${limit}`]),
    { kind: "list", indent: 0, items },
    ...circumstances(comparison),
    ...figuresOf(comparison),
  ];
}

function runInWords({ model, url, startedAt, partial }: ComparedRun, label: string | null): string {
  const when = startedAt.replace("T", " ").replace(/:\d\d(?:\.\d+)?Z$/, " UTC");
  const part = partial === null
    ? ""
    : `, PARTIAL (${partial === "interrupted" ? "interrupted" : "the server stopped answering"})`;
  return `${label === null ? "" : `${label}: `}${model} at ${url}, ${when}${part}`;
}

function circumstances({ a, b, differences, incomparable }: Comparison): Block[] {
  const items: Item[] = [
    ...differences.map(({ what, a, b, severity }): Item => ({
      text: what === "model"
        ? `DIFFERENT MODELS: ${a} against ${b}. The numbers compare the models, not a change of a server.`
        : `${what}: ${a} against ${b}`,
      tone: severity === "info" ? "plain" : severity,
    })),
    ...[["first", a] as const, ["second", b] as const].flatMap(([which, { clientLimited, notConverged }]) => [
      ...limits(clientLimited, `the client may have set the numbers of the ${which} run`),
      ...limits(notConverged, `the ${which} run did not converge`),
    ]),
    ...incomparable.map(({ test, reason }): Item => ({
      text: `${nameOf(test)}: not compared: ${reason}`,
      tone: "warning",
    })),
  ];
  return [
    subheading("In what the runs differ:"),
    items.length === 0 ? list(["in nothing that was recorded"]) : { kind: "list", indent: 0, items },
  ];
}

function limits(tests: readonly ComparedTest[], words: string): Item[] {
  return tests.length === 0 ? [] : [{ text: `${words}: ${enumerate(tests.map(nameOf))}`, tone: "warning" }];
}

function figuresOf({ figures, choices, family, level }: Comparison): Block[] {
  if (figures.length === 0) return [paragraph("No number could be compared.", "warning")];
  const counts = ["worse", "better", "no difference found", "cannot tell"].flatMap((verdict) => {
    const count = figures.filter((figure) => figure.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const reasons = figures.flatMap(({ test, name, reason }) =>
    reason === null ? [] : [`${nameOf(test)}, ${name}: cannot tell: ${reason}`]
  );
  return [
    subheading(`Second against first: ${counts.join(", ")}`),
    ...[...Map.groupBy(figures, ({ test }) => test)].flatMap(([test, rows]): Block[] => [
      list([nameOf(test)]),
      { kind: "table", columns: COLUMNS, rows: rows.map(rowOf) },
    ]),
    ...(reasons.length === 0 ? [] : [list(reasons)]),
    ...(choices.length === 0 ? [] : [list(choices.map(choiceInWords))]),
    { kind: "legend", text: familyInWords(family, level) },
    { kind: "legend", text: NOISE },
  ];
}

const VERDICTS: Readonly<Record<ComparedFigure["verdict"], string>> = {
  better: "BETTER",
  worse: "WORSE",
  "no difference found": "no difference",
  "cannot tell": "cannot tell",
};

function rowOf(figure: ComparedFigure): Row {
  const { name, unit, a, b, verdict } = figure;
  // Both in one unit of display, which then need stand only once.
  const shown = displayUnit(unit, a?.value ?? b?.value ?? 0);
  const value = (estimate: Estimate | null, suffix: string) =>
    estimate === null ? "-" : formatNumber(estimate.value, { ...shown, suffix });
  const effect = effectOf(figure);
  const interval = effect === null ? "" : estimateText(effect.estimate, effect.unit).interval;
  return {
    isBest: false,
    cells: [
      name,
      value(a, ""),
      value(b, shown.suffix),
      effect === null ? "" : signed(effect),
      interval,
      VERDICTS[verdict],
      verdict === "no difference found" ? unseen(figure) : "",
    ],
    barShare: null,
    n: null,
    converged: null,
    note: "",
  };
}

/** The change in percent; of what has no natural 0 to be a part of, the difference. */
function effectOf({ unit, ratio, difference, a }: ComparedFigure): { estimate: Estimate; unit: Unit } | null {
  if (difference === null || a === null) return null;
  if (unit === "share") return { estimate: difference, unit: { divisor: 0.01, suffix: " points" } };
  if (ratio === null || unit === "bytes/request") return { estimate: difference, unit: displayUnit(unit, a.value) };
  const percent = (end: number | null) => end === null ? null : 100 * (end - 1);
  const { value, low, high } = ratio;
  return {
    estimate: { ...ratio, value: percent(value)!, low: percent(low), high: percent(high) },
    unit: UNITS.percent,
  };
}

function signed({ estimate, unit }: { estimate: Estimate; unit: Unit }): string {
  const { value, suffix } = estimateText(estimate, unit);
  return `${/^-|^0(?:\.0*)?$/.test(value) ? "" : "+"}${value}${suffix}`;
}

/** The smallest difference that would have been shown, as the effect is. */
function unseen({ unit, smallestShown, ratio, a }: ComparedFigure): string {
  if (smallestShown === null || a === null) return "";
  if (unit === "share") return formatNumber(smallestShown, { divisor: 0.01, suffix: " points" });
  if (ratio === null || unit === "bytes/request") return formatNumber(smallestShown, displayUnit(unit, smallestShown));
  return formatNumber(100 * smallestShown / Math.abs(a.value), UNITS.percent);
}

function choiceInWords({ what, a, b, withinNoise }: ComparedChoice): string {
  if (a === b) return `${what}: ${a ?? "none"} in both`;
  const words = withinNoise ? "within noise of each other" : "beyond noise";
  return `${what}: ${a ?? "none"} against ${b ?? "none"}, ${words}`;
}

function familyInWords(family: number, level: number): string {
  const percent = formatNumber(100 * level, UNITS.percent);
  return `${family} numbers are compared, and their intervals are widened so that all hold together with ${percent} ` +
    `(Bonferroni). "No difference" is not "equal": (shows X) is the smallest difference that two such runs would ` +
    `have shown four times in five.`;
}

function nameOf(test: ComparedTest): string {
  return test === "operating-points" ? "recommended operating point" : `${test} test`;
}
