import type { Report } from "../../results/report.ts";
import { type CsvPlace, NO_PLACE } from "./csv_place.ts";
import { type CsvRow, CsvRows } from "./csv_row.ts";

/**
 * Rows of the fastest and of the most efficient load of a run.
 *
 * @param report What was measured.
 * @returns None where neither energy nor a price is known.
 */
export function efficiencyRows({ efficiency }: Pick<Report, "efficiency">): CsvRow[] {
  if (efficiency === undefined) return [];
  const { fastest, mostEfficient, pricePerHour } = efficiency;
  const rowsAt = (levelName: string, level: string, place: CsvPlace) =>
    new CsvRows({ test: "efficiency", levelName, level, place });
  const points = [["fastest", fastest], ["most_efficient", mostEfficient]] as const;
  return [
    ...rowsAt("", "", NO_PLACE).plain("price_per_hour", "USD", pricePerHour),
    ...points.flatMap(([level, point]) => {
      if (point === null) return [];
      const { batchSize, concurrency, ratePerSecond } = point;
      const rows = rowsAt("load", level, { batchSize, concurrency, ratePerSecond, phase: null });
      return [
        ...rows.plain("batch_size", "items", point.batchSize),
        ...rows.plain("concurrency", "requests", point.concurrency),
        ...rows.plain("offered_rate", "requests/s", point.ratePerSecond),
        ...rows.estimate("predictions_per_second", "predictions/s", point.predictionsPerSecond),
        ...rows.estimate("latency_p95", "ms", point.p95Ms),
        ...rows.estimate("energy_per_prediction", "J", point.energyPerPrediction),
        ...rows.estimate("cost_per_million", "USD", point.costPerMillion ?? null),
      ];
    }),
  ];
}
