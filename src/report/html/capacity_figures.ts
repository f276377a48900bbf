import type { CapacitySearch, LoadResult } from "../../results/kinds/load.ts";
import { capacityOutcome, isAtLeast } from "../../results/kinds/capacity_outcome.ts";
import { displayUnit } from "../../words/display_unit.ts";
import { interval, quantity, say, type Words } from "../../words/inline.ts";
import { inlineNumber } from "../../words/inline_quantity.ts";
import { estimateText } from "../../words/estimate/estimate_text.ts";
import { UNITS } from "../../words/quantity.ts";
import type { KeyFigure } from "./key_figure.ts";

/**
 * The numbers of a load test with objectives that the reader wants first: what the server carries under them, and what was
 * measured of each at that rate. A load that breaks them is none of these, however fast it was.
 *
 * @param capacity What the searches found.
 */
export function capacityFigures({ objectives, rate, concurrency }: NonNullable<LoadResult["capacity"]>): KeyFigure[] {
  const shownRate = (perSecond: number) => inlineNumber(perSecond, UNITS.requestsPerSecond);
  const holds = rate.probes.find(({ level }) => level === rate.highest);
  return [
    found("Capacity", rate, shownRate, objectives),
    found("Capacity in concurrency", concurrency, String, objectives),
    ...(holds?.outcomes ?? []).flatMap(({ objective, measured }): KeyFigure[] => {
      if (measured === null) return [];
      const { value, suffix, interval: ends } = estimateText(measured, displayUnit(objective.unit, measured.value));
      return [{
        ...COMMON,
        label: objective.text,
        value: quantity(value + suffix),
        interval: interval(ends),
        context: "at that rate",
      }];
    }),
  ];
}

const COMMON = { interval: "", source: "load", isBad: false } as const;

function found(
  label: string,
  search: CapacitySearch,
  shown: (level: number) => Words,
  objectives: string,
): KeyFigure {
  const { highest, lowestMissed } = search;
  if (highest !== null) {
    const value = isAtLeast(search) ? say`at least ${shown(highest)}` : shown(highest);
    return { ...COMMON, label, value, context: `under ${objectives}` };
  }
  const tried = lowestMissed === null ? "" : say`, tried from ${shown(lowestMissed)}`;
  const isNone = capacityOutcome(search) === "none";
  return {
    ...COMMON,
    label,
    value: isNone ? "none" : "not known",
    context: say`under ${objectives}${tried}`,
    isBad: isNone,
  };
}
