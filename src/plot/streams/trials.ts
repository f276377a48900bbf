import type { Markish, PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { Estimate } from "../../core/estimate.ts";
import { isAtLeast } from "../../results/kinds/capacity_outcome.ts";
import type { CapacityProbe, CapacitySearch, LoadResult } from "../../results/kinds/load.ts";
import type { Objective } from "../../results/objective.ts";
import { displayUnit } from "../../words/display_unit.ts";
import { formatEstimate } from "../../words/estimate/estimate_text.ts";
import { formatNumber, type Unit, unitName, UNITS } from "../../words/quantity.ts";
import { levelAxis, plotBase, zeroBased } from "../kit/axis.ts";
import { Chart, type ChartOptions, type LegendEntry, type Panel } from "../kit/chart.ts";
import { type LaneLabel, laneLabels } from "../kit/lane_labels.ts";
import { counted, validityNotes } from "../kit/notes.ts";
import { COLORS } from "../kit/palette.ts";
import { limitRules } from "../panels/limit_rules.ts";

type Capacity = NonNullable<LoadResult["capacity"]>;

/** A sign for each verdict, which shape tells as well as colour. */
const VERDICTS = {
  "met": { color: COLORS.green, sign: "dot", symbol: "circle", label: "met" },
  "missed": { color: COLORS.vermillion, sign: "cross", symbol: "times", label: "missed" },
  "cannot tell": { color: COLORS.muted, sign: "diamond", symbol: "diamond", label: "cannot be told" },
} as const;

/** What was tried, and how it is called. */
interface Axis {
  readonly name: string;
  readonly label: string;
  readonly unit: Unit;
}

const NOTHING: Panel = { heading: "Trials", yLabel: "", height: 110, content: "Nothing was tried" };

const RATES: Axis = { name: "offered rate", label: "offered (requests/s)", unit: UNITS.requestsPerSecond };
const CONCURRENCIES: Axis = { name: "concurrency", label: "concurrency (requests outstanding)", unit: UNITS.none };

/**
 * What does the server carry under objectives? What each trial of a capacity found of each objective, with its interval and
 * the limit, whichever figure the objective is about: by the rate that was offered, and by the requests outstanding.
 *
 * @param result Of a load test; of one without objectives, a chart that says so.
 * @param options Of the chart, and of Observable Plot for its first panel.
 */
export function plotTrials(result: LoadResult, options: ChartOptions = {}): Chart {
  const { capacity } = result;
  if (capacity === null) {
    const content = {
      title: "Capacity",
      subtitle: "No objectives were given.",
      legend: [],
      rows: [[NOTHING]],
      notes: [],
    };
    return new Chart(content, options);
  }
  const { rate, concurrency } = capacity;
  const probes = [...rate.probes, ...concurrency.probes];
  const tried = probes[0]?.outcomes.map(({ objective }) => objective) ?? [];
  return new Chart({
    title: "Capacity under objectives",
    subtitle: capacityInWords(capacity),
    legend: legendOf(probes),
    rows: tried.length === 0 ? [[NOTHING]] : tried.map((objective, k) => [
      ...trialPanels(objective, k, rate, RATES),
      ...trialPanels(objective, k, concurrency, CONCURRENCIES),
    ]),
    notes: [
      `${counted(rate.probes.length, "trial")} of arrival rates, open loop; ` +
      `${
        counted(concurrency.probes.length, "trial")
      } of concurrencies, closed loop. A trial of which an interval holds the ` +
      "limit is run again, longer; what cannot be told then counts as missed.",
      ...validityNotes(result),
    ],
  }, options);
}

function capacityInWords({ objectives, rate, concurrency }: Capacity): string {
  const upTo = (search: CapacitySearch, level: (highest: number) => string, what: string) =>
    search.highest === null
      ? `at no ${what} that was tried`
      : `up to ${isAtLeast(search) ? "at least " : ""}${level(search.highest)}`;
  const offered = upTo(rate, (level) => `${formatNumber(level, UNITS.requestsPerSecond)} offered`, "rate");
  const outstanding = upTo(concurrency, (level) => `concurrency ${level}`, "concurrency");
  return `${objectives}: known to hold ${offered}, and ${outstanding}.`;
}

function legendOf(probes: readonly CapacityProbe[]): LegendEntry[] {
  const seen = new Set(probes.flatMap((probe) => probe.outcomes.map(({ verdict }) => shownVerdict(probe, verdict))));
  return [
    ...(["met", "missed", "cannot tell"] as const).filter((verdict) => seen.has(verdict)).map((verdict) =>
      VERDICTS[verdict]
    ),
    { sign: "dashed", color: COLORS.vermillion, label: "limit" },
  ];
}

/** What the client made longer misses nothing by the server. */
function shownVerdict(
  { verdict: ofTrial, clientLimited }: CapacityProbe,
  verdict: keyof typeof VERDICTS,
): keyof typeof VERDICTS {
  return clientLimited && ofTrial === "unclear" && verdict === "missed" ? "cannot tell" : verdict;
}

/** A trial as it is drawn. */
interface Trial {
  readonly level: number;
  readonly verdict: keyof typeof VERDICTS;
  readonly measured: Estimate;
  readonly title: string;
}

function trialPanels(objective: Objective, k: number, { probes, highest }: CapacitySearch, axis: Axis): Panel[] {
  const trials = probes.toSorted((a, b) => a.level - b.level).flatMap((probe): Trial[] => {
    const { level, outcomes, saturated, clientLimited } = probe;
    const { measured = null, verdict: found = "cannot tell" } = outcomes[k] ?? {};
    if (measured === null) return [];
    const verdict = shownVerdict(probe, found);
    const name = axis === RATES ? `${formatNumber(level, axis.unit)} offered` : `concurrency ${level}`;
    const shown = formatEstimate(measured, displayUnit(objective.unit, measured.value));
    const more = clientLimited ? ", the client was the limit" : saturated ? ", the server did not keep up" : "";
    return [{ level, verdict, measured, title: `${name}: ${shown}, ${VERDICTS[verdict].label}${more}` }];
  });
  if (trials.length === 0) return [];
  const unit = displayUnit(objective.unit, objective.limit);
  return [{
    heading: `${objective.text}, by ${axis.name}`,
    yLabel: unitName(unit),
    height: 200,
    content: (width) => trialOptions({ objective, trials, highest, axis, unit }, width),
  }];
}

/** What a panel shows. */
interface Shown {
  readonly objective: Objective;
  readonly trials: readonly Trial[];
  readonly highest: number | null;
  readonly axis: Axis;
  readonly unit: Unit;
}

/** What missed a limit by more than this factor stands at the edge: its title says how far it was. */
const MOST_ABOVE = 5;

function trialOptions({ objective, trials, highest, axis, unit }: Shown, width: number): PlotOptions {
  const { limit, text } = objective;
  const top = Math.min(
    MOST_ABOVE * limit,
    Math.max(1.3 * limit, ...trials.map(({ measured: { value, high } }) => high ?? value)),
  );
  const inside = (value: number) => Math.min(top, Math.max(0, value)) / unit.divisor;
  const x = levelAxis(trials.map(({ level }) => level), axis.label, width);
  const names: LaneLabel[] = highest === null ? [] : [{ at: highest, text: "capacity", color: COLORS.purple }];
  const lanes = laneLabels(names, x.toPixels, width);
  return {
    ...plotBase(width),
    marginTop: lanes.marginTop,
    x: x.scale,
    y: zeroBased(top / unit.divisor, 0.08),
    marks: [
      Plot.ruleY([0]),
      ...limitRules([{ text, limitMs: limit }], unit),
      ...lanes.marks,
      ...(Object.keys(VERDICTS) as (keyof typeof VERDICTS)[]).flatMap((verdict) =>
        trialMarks(trials.filter((trial) => trial.verdict === verdict), verdict, inside)
      ),
    ],
  };
}

function trialMarks(
  trials: readonly Trial[],
  verdict: keyof typeof VERDICTS,
  inside: (value: number) => number,
): Markish[] {
  const { color, symbol } = VERDICTS[verdict];
  return [
    Plot.ruleX(trials, {
      x: "level",
      y1: ({ measured: { value, low } }: Trial) => inside(low ?? value),
      y2: ({ measured: { value, high } }: Trial) => inside(high ?? value),
      stroke: color,
      strokeWidth: 1.5,
      title: "title",
    }),
    Plot.dot(trials, {
      x: "level",
      y: ({ measured: { value } }: Trial) => inside(value),
      symbol,
      r: 5,
      fill: verdict === "met" ? color : COLORS.background,
      stroke: color,
      strokeWidth: 2,
      title: "title",
    }),
  ];
}
