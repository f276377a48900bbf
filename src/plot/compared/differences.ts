import type { PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../../core/estimate.ts";
import type { ComparedFigure, Comparison } from "../../results/comparison.ts";
import { comparedTest, effectText, isRelative } from "../../words/comparison/effect_text.ts";
import { unbroken } from "../../words/quantity.ts";
import { linearAxis, MARGINS } from "../kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "../kit/chart.ts";
import { FONT_SIZE } from "../kit/compose.ts";
import { COLORS } from "../kit/palette.ts";
import { fitted, textWidth } from "../kit/text_layout.ts";

/** A sign for each verdict, which shape tells as well as colour. */
const VERDICTS: Readonly<
  Record<ComparedFigure["verdict"], { readonly color: string; readonly sign: "dot" | "diamond" | "hollow" | "cross" }>
> = {
  "better": { color: COLORS.green, sign: "dot" },
  "worse": { color: COLORS.vermillion, sign: "diamond" },
  "no difference found": { color: COLORS.muted, sign: "hollow" },
  "cannot tell": { color: COLORS.muted, sign: "cross" },
};

const SYMBOLS = { dot: "circle", diamond: "diamond", hollow: "circle", cross: "times" } as const;

/** An effect in percent with what is written beside it. */
interface Effect {
  readonly name: string;
  readonly verdict: ComparedFigure["verdict"];
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly texts: readonly string[];
  readonly title: string;
}

/**
 * In what does the second run differ from the first? The change of each figure in percent with its interval, test by test:
 * a difference is shown where the interval leaves out 0.
 *
 * @param comparison From `compare`.
 * @param options Of the chart, and of Observable Plot for its first panel.
 */
export function plotDifferences(comparison: Comparison, options: ChartOptions = {}): Chart {
  const { figures, family, level } = comparison;
  const drawn = figures.filter(isRelative);
  const verdicts = (Object.keys(VERDICTS) as ComparedFigure["verdict"][]).filter((verdict) =>
    drawn.some((figure) => figure.verdict === verdict)
  );
  const left = figures.filter((figure) => !isRelative(figure));
  return new Chart({
    title: "Second against first",
    subtitle: "Change of each number with its interval: a difference is shown where that leaves out 0.",
    legend: [
      ...verdicts.map((verdict): LegendEntry => ({ ...VERDICTS[verdict], label: verdict })),
      ...(drawn.length === 0 ? [] : [{ sign: "line", color: COLORS.ink, label: "interval" } as const]),
    ],
    rows: drawn.length === 0
      ? [[{ heading: "Differences", yLabel: "", height: 110, content: "No number could be compared" }]]
      : [...Map.groupBy(drawn, ({ test }) => test)].map(([test, of]) => [panel(comparedTest(test), of)]),
    notes: [
      `Intervals hold together with ${100 * level}% over ${family} ${family === 1 ? "number" : "numbers"}.`,
      ...(left.length === 0
        ? []
        : [`In the table alone, as no change in percent: ${
          left.map(({ test, name }) => `${name} of the ${comparedTest(test)}`).join(", ")
        }.`]),
    ],
  }, options);
}

const ROW_HEIGHT = 26;

function panel(test: string, figures: readonly ComparedFigure[]): Panel {
  return {
    heading: `${test.slice(0, 1).toUpperCase()}${test.slice(1)}`,
    yLabel: "",
    height: figures.length * ROW_HEIGHT + 6 + MARGINS.marginBottom,
    content: (width) => effectOptions(figures.map(effectOf), width),
  };
}

function effectOf(figure: ComparedFigure): Effect {
  const { name, verdict, ratio } = figure;
  const { value, low, high } = ratio as Estimate;
  const percent = (end: number | null) => end === null ? null : 100 * (end - 1);
  const text = effectText(figure)!;
  const short = unbroken(text.value + text.suffix), full = unbroken(`${short} ${text.interval}`);
  return {
    name,
    verdict,
    value: percent(value)!,
    low: percent(low),
    high: percent(high),
    texts: [full, short],
    title: `${name}: ${full}, ${verdict}`,
  };
}

/** Beyond this an effect is drawn at the edge, percent: its text says how large it is. */
const FARTHEST = 400;
/** Less than this much of the axis is noise drawn large, percent. */
const LEAST_REACH = 2;

function effectOptions(effects: readonly Effect[], width: number): PlotOptions {
  const inReach = (end: number) => Math.min(FARTHEST, Math.max(-100, end));
  const shown = effects.map((effect) => ({
    ...effect,
    value: inReach(effect.value),
    low: inReach(effect.low ?? effect.value),
    high: inReach(effect.high ?? effect.value),
  }));
  const names = Math.min(width * 0.34, Math.max(...effects.map(({ name }) => textWidth(name, FONT_SIZE))));
  const words = Math.min(width * 0.3, Math.max(...effects.map(({ texts }) => textWidth(texts[0]!, FONT_SIZE))));
  const sides = { marginLeft: Math.ceil(names) + 12, marginRight: Math.ceil(words) + 18 };
  const least = Math.min(-LEAST_REACH, ...shown.map(({ low }) => low));
  const most = Math.max(LEAST_REACH, ...shown.map(({ high }) => high));
  const room = 0.04 * (most - least);
  const axis = linearAxis([least - room, most + room], "change, %", width, sides);
  const textOf = ({ texts }: Effect) =>
    texts.find((text) => textWidth(text, FONT_SIZE) <= words) ?? fitted(texts.at(-1)!, words, FONT_SIZE);
  return {
    ...MARGINS,
    ...sides,
    marginTop: 6,
    x: { ...axis.scale, grid: true },
    y: {
      type: "band",
      domain: effects.map(({ name }) => name),
      label: null,
      tickSize: 0,
      tickFormat: (text: string) => fitted(text, names, FONT_SIZE),
    },
    color: { type: "identity" },
    symbol: { type: "identity" },
    marks: [
      Plot.ruleX([0], { stroke: COLORS.neutral, strokeWidth: 1.5, strokeDasharray: "5,4" }),
      Plot.ruleY(shown, { x1: "low", x2: "high", y: "name", stroke: COLORS.ink, strokeWidth: 1.5 }),
      Plot.dot(shown, {
        x: "value",
        y: "name",
        r: 5,
        symbol: ({ verdict }: Effect) => SYMBOLS[VERDICTS[verdict].sign],
        fill: ({ verdict }: Effect) => VERDICTS[verdict].sign === "dot" ? VERDICTS[verdict].color : COLORS.background,
        stroke: ({ verdict }: Effect) => VERDICTS[verdict].color,
        title: "title",
      }),
      Plot.text(shown, {
        y: "name",
        text: textOf,
        frameAnchor: "right",
        textAnchor: "end",
        dx: sides.marginRight - 6,
        fill: COLORS.ink,
      }),
    ],
  };
}
