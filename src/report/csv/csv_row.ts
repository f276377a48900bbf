import type { Estimate } from "../../core/estimate.ts";
import type { Figure } from "../../results/figure.ts";
import type { DetailValue } from "../../results/kinds/kind.ts";
import { estimateOf } from "../../results/measured.ts";
import type { CsvPlace } from "./csv_place.ts";
import { snakeCase } from "./snake_case.ts";

/** One number of a report with what it is about: a row of the tidy table. */
export interface CsvRow {
  /** Test that gave it. */
  readonly test: string;
  /** What a level of this test is: `batch_size`, `server`, `phase`; empty for a figure of the whole test. */
  readonly levelName: string;
  /** The level; empty for a figure of the whole test. */
  readonly level: string;
  /** The load that it was measured at. */
  readonly place: CsvPlace;
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
  /** The load. */
  readonly place: CsvPlace;
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

  /** An estimate with its interval; where neither end is known there is no confidence, and of one reading no count. */
  estimate(metric: string, unit: string, estimate: Estimate | null): CsvRow[] {
    if (estimate === null) return [];
    const { value, low, high, level, n } = estimate;
    if (low === null && high === null) return this.plain(metric, unit, value, n > 1 ? n : null);
    return [{ ...this.#subject, metric, unit, value, low, high, confidence: level, n }];
  }

  /** A row for each figure of a subject that was measured. */
  figures<Subject>(figures: readonly Figure<Subject>[], subject: Subject): CsvRow[] {
    return figures.flatMap(({ id, unit, read }) => this.estimate(id, unit, estimateOf(read(subject))));
  }

  /** A row for each number of a result beside its figures. */
  details(values: readonly DetailValue[]): CsvRow[] {
    return values.flatMap(({ id, unit, value, n }) =>
      typeof value === "object" && value !== null
        ? this.estimate(snakeCase(id), unit, value)
        : this.plain(snakeCase(id), unit, value, n)
    );
  }
}
