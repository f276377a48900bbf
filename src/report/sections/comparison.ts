import type {
  BaselineCheck,
  ComparedChoice,
  ComparedFigure,
  ComparedRun,
  ComparedVerdict,
  Comparison,
  Incomparable,
} from "../../results/comparison.ts";
import type { Estimate } from "../../core/estimate.ts";
import type { Severity } from "../../core/severity.ts";
import type { ResultKind } from "../../results/kinds.ts";
import { isLeast } from "../../results/window/at_least.ts";
import { cutInWords } from "../../words/cut_in_words.ts";
import { displayUnit } from "../../words/display_unit.ts";
import { interval, quantity, say } from "../../words/inline.ts";
import { inlineNumber } from "../../words/inline_quantity.ts";
import { comparisonInShort } from "../../words/comparison/comparison_in_short.ts";
import { comparedTest, effectText, unseenText } from "../../words/comparison/effect_text.ts";
import { askedInWords } from "../../words/load_in_words.ts";
import { formatNumber, UNITS } from "../../words/quantity.ts";
import { enumerate, momentInWords } from "../../words/words.ts";
import {
  answer,
  type Block,
  column,
  type Fact,
  fact,
  facts,
  heading,
  type Item,
  item,
  legend,
  list,
  paragraph,
  remark,
  type Row,
  row,
  subheading,
  table,
  type Tone,
} from "./block.ts";

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
  "an A/B test alternates two servers in one run.";

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
  const title = heading(2, "Comparison", { emoji: "⚖️" });
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
    answer([fact("In short", comparisonInShort(comparison))]),
    facts([fact("First", `${labels.a}: ${runInWords(a)}`), fact("Second", `${labels.b}: ${runInWords(b)}`)]),
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
    ...regressions.map((name) => item(`${name} is worse beyond its interval and the limit`, "critical")),
    ...lost.map((name) => item(`${name} was measured then, and not now`, "critical")),
    ...(empty ? [item("No number could be compared.", "critical")] : []),
    ...(passed ? [item(`No regression by more than ${limit} was shown.`, "good")] : []),
  ];
  return [
    heading(2, "Baseline", {
      emoji: "📏",
      value: passed ? "passed" : "failed",
      tone: passed ? "good" : "critical",
    }),
    facts([fact("Baseline", runInWords(comparison.a)), fact("Largest regression allowed", limit)]),
    ...(comparison.identical
      ? [paragraph(comparisonInShort(comparison), "warning")]
      : [list(items), ...circumstances(comparison), ...figuresOf(comparison)]),
  ];
}

function runInWords({ model, url, startedAt, partial }: ComparedRun): string {
  const part = partial === null ? "" : `, PARTIAL (${cutInWords(partial)})`;
  return `${model} at ${url}, ${momentInWords(startedAt)}${part}`;
}

function circumstances({ a, b, differences, incomparable }: Comparison): Block[] {
  const found: Fact[] = [
    ...differences.map(({ what, a, b, severity }) =>
      what === "model"
        ? fact(
          "DIFFERENT MODELS",
          `${a} against ${b}. The numbers compare the models, not a change of a server.`,
          toneOf(severity),
        )
        : fact(what, `${a} against ${b}`, toneOf(severity))
    ),
    ...[["first", a] as const, ["second", b] as const].flatMap(([which, { clientLimited, notConverged }]) => [
      ...limits(clientLimited, `the client may have set the numbers of the ${which} run`),
      ...limits(notConverged, `the ${which} run did not converge`),
    ]),
    ...incomparable.map((of) => fact(comparedTest(of.test), `not compared: ${reasonInWords(of)}`, "warning")),
  ];
  return [
    subheading("In what the runs differ"),
    facts(found.length === 0 ? [remark("in nothing that was recorded")] : found),
  ];
}

function reasonInWords({ reason, a = {}, b = {} }: Incomparable): string {
  if (reason === "only-in-first") return "only in the first";
  if (reason === "only-in-second") return "only in the second";
  return `different loads: ${askedInWords(a, b)} against ${askedInWords(b, a)}`;
}

const toneOf = (severity: Severity): Tone => severity === "info" ? "plain" : severity;

function limits(tests: readonly ResultKind[], words: string): Fact[] {
  return tests.length === 0 ? [] : [fact(words, enumerate(tests.map(comparedTest)), "warning")];
}

function figuresOf({ figures, choices, verdicts = [], family, level }: Comparison): Block[] {
  const found = [...choices.map(factOfChoice), ...verdicts.map(factOfVerdict)];
  if (figures.length === 0) {
    return [paragraph("No number could be compared.", "warning"), ...found.length === 0 ? [] : [facts(found)]];
  }
  const counts = ["worse", "better", "no difference found", "cannot tell"].flatMap((verdict) => {
    const count = figures.filter((figure) => figure.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const reasons = figures.flatMap(({ test, name, reason }) =>
    reason === null ? [] : [fact(`${comparedTest(test)}, ${name}`, `cannot tell: ${reason}`)]
  );
  return [
    subheading("Second against first", counts.join(", ")),
    ...[...Map.groupBy(figures, ({ test }) => test)].map(([test, rows]) =>
      table(COLUMNS, rows.map(rowOf), comparedTest(test))
    ),
    ...(reasons.length + found.length === 0 ? [] : [facts([...reasons, ...found])]),
    legend(familyInWords(family, level)),
    legend(NOISE),
  ];
}

const VERDICTS: Readonly<Record<ComparedFigure["verdict"], readonly [words: string, tone: Tone]>> = {
  better: ["BETTER", "good"],
  worse: ["WORSE", "critical"],
  "no difference found": ["no difference", "plain"],
  "cannot tell": ["cannot tell", "plain"],
};

function rowOf(figure: ComparedFigure): Row {
  const { name, unit, better, a, b, verdict } = figure;
  // Both in one unit of display, which then need stand only once: by the second, where there is one.
  const shown = displayUnit(unit, a?.value ?? b?.value ?? 0);
  const value = (estimate: Estimate | null, suffix: string) =>
    estimate === null
      ? "-"
      : say`${better === "more" && isLeast(estimate) ? "at least " : ""}${
        inlineNumber(estimate.value, { ...shown, suffix })
      }`;
  const effect = effectText(figure);
  const [words, tone] = VERDICTS[verdict];
  return row([
    name,
    value(a, b === null ? shown.suffix : ""),
    value(b, shown.suffix),
    effect === null ? "" : quantity(effect.value + effect.suffix),
    effect === null ? "" : interval(effect.interval),
    words,
    verdict === "no difference found" ? unseenText(figure) : "",
  ], { tone });
}

function factOfChoice({ what, a, b, withinNoise, untriedBy = [] }: ComparedChoice): Fact {
  if (a === b) return fact(what, `${a ?? "none"} in both`);
  const untried = untriedBy.map((run) => run === "a" ? `the first did not try ${b}` : `the second did not try ${a}`);
  const words = untried.join(" and ") || (withinNoise ? "within noise of each other" : "beyond noise");
  return fact(what, `${a ?? "none"} against ${b ?? "none"}, ${words}`);
}

function factOfVerdict({ what, a, b }: ComparedVerdict): Fact {
  return fact(what, a === b ? `${a} in both` : `${a ?? "not asked"} against ${b ?? "not asked"}`);
}

function familyInWords(family: number, level: number): string {
  const percent = formatNumber(100 * level, UNITS.percent);
  return `${family} numbers are compared, and their intervals are widened so that all hold together with ${percent} ` +
    `(Bonferroni). "No difference" is not "equal": (shows X) is the smallest difference that two such runs would ` +
    `have shown four times in five.`;
}
