import type { PlotOptions } from "@observablehq/plot";
import defer * as Plot from "@observablehq/plot";
import type { MemoryResult } from "../../results/result.ts";
import { ascending } from "../../stats/estimates/ascending.ts";
import { quantile } from "../../stats/estimates/quantile.ts";
import { linearAxis, plotBase } from "../kit/axis.ts";
import type { Panel } from "../kit/chart.ts";
import { COLORS } from "../kit/palette.ts";
import { formatEstimate } from "../../words/estimate/estimate_text.ts";
import {
  bytesUnit,
  formatBytes,
  formatNumber,
  shortNumber,
  unbroken,
  type Unit,
  unitName,
  UNITS,
} from "../../words/quantity.ts";
import { reduceSeries } from "../kit/reduce_series.ts";

/** Noise of less than this fills no axis, bytes. */
const LEAST_RANGE_BYTES = 4 * 2 ** 20;
const MOST_DOTS = 400;

/** Whose growth is drawn. */
export type GrownMemory = "cpuBytes" | "gpuBytes" | "gpuAllocatedBytes";

const NAMES: Readonly<Record<GrownMemory, string>> = {
  cpuBytes: "host memory",
  gpuBytes: "GPU memory",
  gpuAllocatedBytes: "allocated GPU memory",
};

/** A moment of the soak. */
interface SoakPoint {
  /** Requests completed. */
  readonly x: number;
  /** Memory, bytes. */
  readonly y: number;
}

/**
 * Memory over the requests completed during the soak, with its slope and its interval as a fan.
 *
 * @param result Of a memory test.
 * @param of Host memory, or that of GPUs.
 * @param height Of the plot, px.
 */
export function growthPanel(result: MemoryResult, of: GrownMemory = "cpuBytes", height = 200): Panel {
  const points = result.timeline.flatMap(({ completedRequests, [of]: bytes = null }) =>
    completedRequests === null || bytes === null ? [] : [{ x: completedRequests, y: bytes }]
  );
  const growth = growthOf(result, of);
  const title = of === "cpuBytes" && !result.gpu ? "Growth during the soak" : `Growth of ${NAMES[of]} during the soak`;
  const heading = growth === null
    ? title
    : `${title}: ${unbroken(formatEstimate(growth.bytesPerRequest, UNITS.bytesPerRequest))}, ` +
      growth.verdict;
  if (points.length < 2) {
    return { heading, yLabel: "", height: 110, content: "The soak did not run, so growth is not known" };
  }
  const unit = bytesUnit(points.reduce((most, { y }) => Math.max(most, y), 0));
  return {
    heading,
    yLabel: `${NAMES[of]}, ${unitName(unit)} (not from zero)`,
    height,
    content: (width) => growthOptions(points, growth, unit, width),
  };
}

function growthOf({ growth, gpu }: MemoryResult, of: GrownMemory): MemoryResult["growth"] {
  if (of === "cpuBytes") return growth;
  return (of === "gpuBytes" ? gpu?.growth : gpu?.allocatedGrowth) ?? null;
}

function growthOptions(
  points: readonly SoakPoint[],
  growth: MemoryResult["growth"],
  unit: Unit,
  width: number,
): PlotOptions {
  const first = points[0]!.x, last = Math.max(points.at(-1)!.x, first + 1);
  const shown = points.length <= MOST_DOTS
    ? points
    : reduceSeries(points, MOST_DOTS / 2).map(({ x, median }) => ({ x, y: median }));
  const lowest = points.reduce((least, { y }) => Math.min(least, y), Infinity);
  const highest = points.reduce((most, { y }) => Math.max(most, y), 0);
  const spread = Math.max(highest - lowest, LEAST_RANGE_BYTES, 0.01 * highest);
  const middle = (highest + lowest) / 2;
  const from = Math.max(0, middle - 0.6 * spread), to = middle + 0.6 * spread;
  const scaled = (bytes: number) => bytes / unit.divisor;
  const titleOf = ({ x, y }: SoakPoint) =>
    `after ${formatNumber(Math.round(x), UNITS.none)} requests: ${formatBytes(y)}`;
  const axis = linearAxis([first, last], "requests completed in the soak", width);
  return {
    ...plotBase(width),
    x: axis.scale,
    y: {
      domain: [scaled(from), scaled(to)],
      ticks: 4,
      tickFormat: shortNumber,
      label: null,
      grid: true,
      tickSize: 0,
    },
    marks: [
      ...fanMarks(points, growth, (bytes) => scaled(Math.max(from, Math.min(to, bytes)))),
      Plot.dot(shown, {
        x: "x",
        y: ({ y }: SoakPoint) => scaled(y),
        r: 2.5,
        fill: COLORS.blue,
        fillOpacity: 0.7,
        title: titleOf,
      }),
    ],
  };
}

/**
 * The slope through the medians of both axes, as Theil and Sen place it. Lines that leave the plot follow its edge.
 *
 * @param points Of the soak.
 * @param growth With the slope.
 * @param shown Bytes in the unit of display, held in the plot.
 */
function fanMarks(points: readonly SoakPoint[], growth: MemoryResult["growth"], shown: (bytes: number) => number) {
  if (growth === null) return [];
  const { value, low, high } = growth.bytesPerRequest;
  const words = `growth: ${formatEstimate(growth.bytesPerRequest, UNITS.bytesPerRequest)}`;
  const middle = (values: readonly number[]) => quantile(ascending(values), 0.5);
  const x0 = middle(points.map(({ x }) => x)), y0 = middle(points.map(({ y }) => y));
  const at = (slope: number, x: number) => shown(y0 + slope * (x - x0));
  const first = points[0]!.x, span = points.at(-1)!.x - first;
  const line = Array.from({ length: FAN_POINTS + 1 }, (_, k) => {
    const x = first + span * k / FAN_POINTS;
    return { x, fitted: at(value, x), one: at(low ?? value, x), other: at(high ?? value, x) };
  });
  return [
    Plot.areaY(line, { x: "x", y1: "one", y2: "other", fill: COLORS.gold, fillOpacity: 0.3, title: () => words }),
    Plot.line(line, { x: "x", y: "fitted", stroke: COLORS.ochre, strokeWidth: 2, title: () => words }),
  ];
}

const FAN_POINTS = 40;
