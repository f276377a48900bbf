import type { Kind, LevelWindow } from "../../results/kinds/kind.ts";
import { isAbsent } from "../../results/measured.ts";
import type { ResultBase } from "../../results/result_base.ts";
import { inlineEstimateIn } from "../../words/inline_quantity.ts";
import { UNITS } from "../../words/quantity.ts";
import { answer, type Block, column, fact, heading, row, subheading, table } from "./block.ts";
import { failuresTable } from "./window/failures.ts";
import { gpuTable } from "./window/gpu.ts";
import { MEAN_LATENCY, percentileCells, PERCENTILES } from "./window/latency_columns.ts";
import { basisOf, estimateCells, levelNote, notices, timeCell } from "./shared.ts";

/**
 * Any result by its figures and windows: the section of a kind that has none of its own.
 *
 * @param spec What is known of its kind.
 * @param result What was measured.
 */
export function windowsSection<R extends ResultBase>(spec: Kind<R>, result: R): Block[] {
  const { title, axis, figures } = spec;
  const windows = spec.windows(result);
  const best = spec.best?.(result)?.window;
  const told = figures.map((figure) => {
    const measured = figure.read(result);
    const label = figure.label.slice(0, 1).toUpperCase() + figure.label.slice(1);
    return fact(label, isAbsent(measured) ? { notMeasured: measured.detail } : inlineEstimateIn(measured, figure.unit));
  });
  const highest = Math.max(1e-9, ...windows.map(({ window }) => window.requestsPerSecond?.value ?? 0));
  const rows = windows.map(({ level, window }: LevelWindow) =>
    row([
      level ?? "",
      ...estimateCells(window.requestsPerSecond, UNITS.requestsPerSecond),
      timeCell(window.latencyMs?.mean),
      ...percentileCells(window.latencyMs),
    ], {
      isBest: window === best,
      barShare: (window.requestsPerSecond?.value ?? 0) / highest,
      ...basisOf(window),
      note: levelNote(window),
    })
  );
  const columns = [
    column(axis?.label ?? "", { after: axis === null ? "" : ":" }),
    column("Throughput"),
    column("95% interval"),
    MEAN_LATENCY,
    ...PERCENTILES,
  ];
  return [
    heading(2, `${title} test results`),
    ...notices(result),
    ...(told.length === 0 ? [] : [answer(told)]),
    ...(rows.length === 0
      ? []
      : [subheading(axis === null ? "What was measured" : `By ${axis.label}`), table(columns, rows)]),
    ...failuresTable(columns.slice(0, 1), windows.map(({ level, window }) => [[level ?? ""], window])),
    ...gpuTable(result, columns.slice(0, 1), windows.map(({ level, window }) => [[level ?? ""], window])),
  ];
}
