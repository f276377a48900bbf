import type { Distribution, Estimate } from "../../core/estimate.ts";

/** One number of a report with what it is about: a row of the tidy table. */
export interface CsvRow {
  /** Test that gave it. */
  readonly test: string;
  /** What a level of this test is: `batch_size`, `concurrency`, `phase`; empty for a figure of the whole test. */
  readonly levelName: string;
  /** The level; empty for a figure of the whole test. */
  readonly level: string;
  /** Name of the figure, in snake case. */
  readonly metric: string;
  /** Its unit; empty where it has none. */
  readonly unit: string;
  /** The figure. A yes or no is 1 or 0. */
  readonly value: number;
  /** Lower end of its interval, or `null` for none. */
  readonly low: number | null;
  /** Upper end of its interval, or `null` for none. */
  readonly high: number | null;
  /** Confidence level of the interval, 0 to 1, or `null` for none. */
  readonly confidence: number | null;
  /** Observations that it rests on, or `null` where that says nothing. */
  readonly n: number | null;
}

/** What a row is about, before its figure. */
export interface CsvSubject {
  /** Test. */
  readonly test: string;
  /** What a level is. */
  readonly levelName: string;
  /** The level. */
  readonly level: string;
}

/** Makes rows about one subject. A figure that was not measured makes none: absent rows, not empty ones. */
export class CsvRows {
  readonly #subject: CsvSubject;

  /**
   * Makes rows about a subject.
   *
   * @param subject What the rows are about.
   */
  constructor(subject: CsvSubject) {
    this.#subject = subject;
  }

  /** A number that carries no interval. */
  plain(metric: string, unit: string, value: number | boolean | null | undefined, n: number | null = null): CsvRow[] {
    if (value === null || value === undefined) return [];
    return [{ ...this.#subject, metric, unit, value: Number(value), low: null, high: null, confidence: null, n }];
  }

  /** An estimate with its interval. */
  estimate(metric: string, unit: string, estimate: Estimate | null): CsvRow[] {
    if (estimate === null) return [];
    const { value, low, high, level: confidence, n } = estimate;
    return [{ ...this.#subject, metric, unit, value, low, high, confidence, n }];
  }

  /** A distribution, one row for each of its members. */
  distribution(metric: string, unit: string, distribution: Distribution | null): CsvRow[] {
    if (distribution === null) return [];
    const { n, min, mean, p50, p90, p95, p99, max } = distribution;
    return [
      ...this.plain(`${metric}_min`, unit, min, n),
      ...Object.entries({ mean, p50, p90, p95, p99 }).flatMap(([name, estimate]) =>
        this.estimate(`${metric}_${name}`, unit, estimate)
      ),
      ...this.plain(`${metric}_max`, unit, max, n),
    ];
  }
}
