import { UsageError } from "../core/errors.ts";
import type { Objective } from "../results/objective.ts";
import type { WrittenUnit } from "../results/units.ts";
import { metricSpec, OBJECTIVE_METRICS, REQUEST_LIMITS, unitsOf } from "./metrics.ts";

/**
 * Reads objectives: `METRIC OPERATOR LIMIT` with commas between, blanks as one likes. One grammar for what a gate checks
 * and for what a capacity is searched under.
 *
 * - times `us`, `ms`, `s`: `mean`, `p50`, `p90`, `p95`, `p99`, `max`; to the first byte `ttfb-mean`, `ttfb-p50`, ...; of
 *   streamed answers `ttft-p95`, `tpot-p95`, `gap-p95`, `stall-p95`, ..., also written `ttft_p95`; `cold`, `warm`, `overhead` (also in `%` of warm)
 * - `errors` in `%`
 * - `output` in `tokens/s`: output tokens of all answers
 * - `throughput` and `peak` in `/s` or `req/s` (requests) or `pred/s` (predictions)
 * - `footprint`, `footprint-gpu` in `KB`, `MB`, `GB` (powers of 1000), `KiB`, `MiB`, `GiB` (of 1024); `growth`, `growth-gpu`,
 *   `growth-allocated` in `B/request`, `KB/request`, `KiB/request`
 *
 * The operator must ask for the better side (`<` or `<=` of a time, `>` or `>=` of a rate): the other way round is a
 * slip that a worse server would pass.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseObjectives } from "./parse_objectives.ts";
 *
 * assertEquals(parseObjectives("p99 < 0.1s, errors<1%"), [
 *   { metric: "p99", operator: "<", limit: 100, unit: "ms", text: "p99<0.1s" },
 *   { metric: "errors", operator: "<", limit: 0.01, unit: "share", text: "errors<1%" },
 * ]);
 * ```
 *
 * @param text The objectives.
 * @param known Metrics that make sense where they are used. @default {all}
 * @returns In the order of the text, at least one.
 * @throws {UsageError} If it cannot be read: what was required, what was found, and where.
 */
export function parseObjectives(text: string, known: readonly string[] = OBJECTIVE_METRICS): Objective[] {
  let start = 0;
  const objectives: Objective[] = [];
  for (const part of text.split(",")) {
    const objective = new ObjectiveReader(text, start, start + part.length, known).read();
    if (objectives.some(({ metric, unit }) => metric === objective.metric && unit === objective.unit)) {
      throw refused(text, known, start, `${objective.metric} must be limited once`, `"${objective.text}" as well`);
    }
    objectives.push(objective);
    start += part.length + 1;
  }
  return objectives;
}

/**
 * Reads what each request must keep, in the same grammar: `ttft<300ms,tpot<40ms`, the name of a time without a percentile.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRequestLimits } from "./parse_objectives.ts";
 *
 * assertEquals(parseRequestLimits("ttft < 0.3s"), [
 *   { metric: "ttft", operator: "<", limit: 300, unit: "ms", text: "ttft<0.3s" },
 * ]);
 * ```
 *
 * @param text The limits.
 * @returns In the order of the text, at least one.
 * @throws {UsageError} If it cannot be read: what was required, what was found, and where.
 */
export function parseRequestLimits(text: string): Objective[] {
  return parseObjectives(text, REQUEST_LIMITS);
}

/** Reads the objective that stands in `[at, end)` of a text. */
class ObjectiveReader {
  readonly #text: string;
  readonly #end: number;
  readonly #known: readonly string[];
  #at: number;

  constructor(text: string, at: number, end: number, known: readonly string[]) {
    this.#text = text;
    this.#at = at;
    this.#end = end;
    this.#known = known;
    this.#skipBlanks();
  }

  read(): Objective {
    const metric = this.#metric();
    const operator = this.#operator(metric);
    const limitAt = this.#at;
    const number = this.#take(/^\d+(?:\.\d*)?(?:e[+-]?\d+)?|^\.\d+/i);
    if (number === "") throw this.#refused(`a limit must follow "${operator}"`, `Write ${exampleOf(metric)}.`);
    const { unit, times, written } = this.#unit(metric, number);
    const limit = scaled(Number(number), times);
    if (!(limit > 0 && Number.isFinite(limit))) {
      const hint = metric === "errors"
        ? "No number of requests shows that none ever fails: write errors<0.1%."
        : `Write ${exampleOf(metric)}.`;
      throw refused(this.#text, this.#known, limitAt, "a limit must be above 0", `"${number}${written}"`, hint);
    }
    if (unit === "share" && limit >= 1) {
      throw refused(this.#text, this.#known, limitAt, "a share of requests must be below 100%", `"${number}%"`);
    }
    return { metric, operator, limit, unit, text: `${metric}${operator}${number}${written}` };
  }

  #metric(): string {
    const at = this.#at;
    const name = this.#take(/^[a-z][a-z0-9_-]*/i);
    // Others write ttft_p95.
    const written = name.toLowerCase().replaceAll("_", "-");
    const metric = this.#known.find((known) => known === written);
    if (metric !== undefined) return metric;
    const found = name === "" ? this.#rest() : `"${name}"`;
    const elsewhere = OBJECTIVE_METRICS.some((other) => other === written);
    throw refused(
      this.#text,
      this.#known,
      at,
      elsewhere
        ? "it must be about what is measured here"
        : `${this.#known === REQUEST_LIMITS ? "each" : "an objective"} must begin with what it limits`,
      found,
      this.#hintFor(written),
    );
  }

  #hintFor(written: string): string {
    const known = `Known are ${this.#known.join(", ")}.`;
    const single = REQUEST_LIMITS.find((name) =>
      written.startsWith(`${name}-`) || (name === "latency" && /^(?:p\d|mean|max)/.test(written))
    );
    if (this.#known === REQUEST_LIMITS && single !== undefined) {
      return `Of each request it is one time: write ${exampleOf(single)}. ${known}`;
    }
    return this.#known !== REQUEST_LIMITS && REQUEST_LIMITS.includes(written)
      ? `Say of which part of the requests: write ${
        exampleOf(written === "latency" ? "p95" : `${written}-p95`)
      }. ${known}`
      : known;
  }

  #operator(metric: string): Objective["operator"] {
    const at = this.#at;
    const operator = this.#take(/^[<>]=?/) as Objective["operator"] | "";
    if (operator === "") throw this.#refused(`one of < <= > >= must follow "${metric}"`, `Write ${exampleOf(metric)}.`);
    const wanted = metricSpec(metric).better === "less" ? "<" : ">";
    if (operator[0] === wanted) return operator;
    throw refused(
      this.#text,
      this.#known,
      at,
      `${metric} must have a limit ${wanted === "<" ? "above" : "below"} it`,
      `"${operator}"`,
      `Write ${metric}${wanted} instead: ${metricSpec(metric).better} is better.`,
    );
  }

  #unit(metric: string, number: string): WrittenUnit {
    const at = this.#at;
    const written = this.#text.slice(at, this.#end).trim();
    const units: readonly WrittenUnit[] = metricSpec(metric).units;
    const unit = units.find((unit) => unit.written.toLowerCase() === written.toLowerCase());
    if (unit !== undefined) return unit;
    const found = written === "" ? `"${number}" alone` : `"${written}"`;
    throw refused(this.#text, this.#known, at, `the limit of ${metric} must have a unit (${unitsOf(metric)})`, found);
  }

  #take(pattern: RegExp): string {
    const [taken = ""] = pattern.exec(this.#text.slice(this.#at, this.#end)) ?? [];
    this.#at += taken.length;
    this.#skipBlanks();
    return taken;
  }

  #skipBlanks(): void {
    while (this.#at < this.#end && /\s/.test(this.#text[this.#at]!)) this.#at++;
  }

  #rest(): string {
    const rest = this.#text.slice(this.#at, this.#end).trim();
    return rest === "" ? "nothing" : `"${rest}"`;
  }

  #refused(required: string, hint: string): UsageError {
    return refused(this.#text, this.#known, this.#at, required, this.#rest(), hint);
  }
}

/** A part is divided: 7 times 0.01 is not 0.07. */
function scaled(number: number, times: number): number {
  return times < 1 ? number / Math.round(1 / times) : number * times;
}

function exampleOf(metric: string): string {
  const { better, units } = metricSpec(metric);
  const usual = units[0]!;
  return `${metric}${better === "less" ? "<" : ">"}${usual.unit === "share" ? 1 : 100}${usual.written}`;
}

function refused(
  text: string,
  known: readonly string[],
  at: number,
  required: string,
  found: string,
  hint?: string,
): UsageError {
  const what = known === REQUEST_LIMITS ? "limits of goodput" : "objectives";
  return new UsageError(
    `Cannot read the ${what} "${text}" as ${required}: found ${found} at character ${at + 1}`,
    hint === undefined ? {} : { hint },
  );
}
