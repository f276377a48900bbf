import { UsageError } from "../../core/errors.ts";
import { naming, option, type OptionMention } from "../../core/option_words.ts";
import { isGpuName } from "../../observe/gpu/choose_devices.ts";
import { parseRequestLimits } from "../../objectives/parse_objectives.ts";
import { parseMetricsUrl } from "../../observe/gpu/exporter/metrics_url.ts";
import { checkCap, checkTraceCap } from "./caps.ts";
import type { Setting, SettingKey, SettingValue } from "./setting.ts";
import { SETTING_ROWS } from "./settings.ts";

/**
 * Refuses options that cannot be meant: out of the bounds of {@linkcode SETTINGS}, or beside what they exclude.
 *
 * @param options Options of any test.
 * @throws {UsageError} Naming the option, what is required and what was found.
 */
export function checkOptions(options: object): void {
  const given = options as Readonly<Partial<Record<SettingKey, unknown>>>;
  for (const [key, setting] of SETTING_ROWS) {
    if (given[key] === undefined) continue;
    checkValue(key, setting.value, given[key]);
    checkBeside(key, setting, given);
    if (given.heavyLoad !== true) checkCap(key, setting.value, given[key]);
  }
  if (given.heavyLoad !== true) checkTraceCap(given.traceMs);
  const { burst, arrivals } = given;
  if (typeof burst === "number" && burst > 1 && arrivals === "poisson") {
    throw new UsageError(
      naming`Cannot start the test as "${option("burst")}" needs constant arrivals: they are poisson`,
    );
  }
}

function checkBeside(key: SettingKey, { not = [] }: Setting, given: Readonly<Partial<Record<SettingKey, unknown>>>) {
  const other = not.find((name) => given[name] !== undefined);
  if (other === undefined) return;
  throw new UsageError(
    naming`Cannot start the test as only one of "${option(key)}" and "${option(other)}" may be given: found both`,
    { hint: "Leave one out." },
  );
}

function checkValue(key: SettingKey, value: SettingValue, found: unknown): void {
  switch (value.kind) {
    case "flag":
      return demand(key, typeof found === "boolean", "true or false", found);
    case "choice":
      return demand(
        key,
        value.choices.some((choice) => choice === found),
        `one of ${value.choices.join(", ")}`,
        found,
      );
    case "objectives":
      return demand(key, typeof found === "string", "a text", found);
    case "limits":
      demand(key, typeof found === "string", "a text", found);
      parseRequestLimits(found as string);
      return;
    case "metrics-url":
      demand(key, typeof found === "string", "a text", typeof found);
      parseMetricsUrl(found as string);
      return;
    case "gpus":
      demandList(key, found, "one GPU");
      return found.forEach((each, i) => demand(key, isGpuName(each), "a number or UUID of a GPU", each, `[${i}]`));
    case "parameters":
      return demand(key, areParameters(found), "names with finite numbers, booleans and texts", "something else");
    case "items":
      return demand(key, typeof found === "object" && found !== null, "a description of items or items", found);
    case "whole":
    case "number":
    case "ms":
      return demand(key, isWithin(value, found), numberWords(value), found);
    case "wholes":
    case "numbers":
      demandList(key, found);
      return found.forEach((each, i) => demand(key, isWithin(value, each), numberWords(value), each, `[${i}]`));
    case "pids":
      demandList(key, [found].flat(), "one process id");
      return [found].flat().forEach((each) => demand(key, isWithin(value, each), numberWords(value), each));
    case "span":
      return demand(
        key,
        isSpan(value, found),
        `two rates, ${rangeWords(value)} and not both 0`,
        JSON.stringify(found),
      );
    case "moments":
      demandList(key, found);
      return demand(key, isAscending(found), "moments in ascending order", "another order");
  }
}

type Bounds = Extract<SettingValue, { least: number }>;

function isWithin({ kind, least, most }: Bounds, value: unknown): boolean {
  const isNumber = kind === "whole" || kind === "wholes" || kind === "pids"
    ? Number.isInteger(value)
    : Number.isFinite(value);
  return isNumber && (value as number) >= least && (value as number) <= most;
}

function numberWords(value: Bounds): string {
  const noun = value.kind === "whole" || value.kind === "wholes" || value.kind === "pids"
    ? "a whole number"
    : "a number";
  return `${noun} ${rangeWords(value)}`;
}

function rangeWords({ least, most, cap = most }: Bounds): string {
  return `from ${least} to ${cap}`;
}

function isSpan(value: Bounds, found: unknown): boolean {
  const { fromPerSecond: from, toPerSecond: to } = (found ?? {}) as Readonly<Record<string, unknown>>;
  return isWithin(value, from) && isWithin(value, to) && (from as number) + (to as number) > 0;
}

function areParameters(found: unknown): boolean {
  const isOne = (value: unknown) => ["string", "boolean", "bigint"].includes(typeof value) || Number.isFinite(value);
  return typeof found === "object" && found !== null && !Array.isArray(found) && Object.values(found).every(isOne);
}

function isAscending(moments: readonly unknown[]): boolean {
  return moments.every((at, i) => Number.isFinite(at) && (i === 0 || (at as number) >= (moments[i - 1] as number)));
}

function demandList(key: SettingKey, found: unknown, of = "one number"): asserts found is readonly unknown[] {
  demand(key, Array.isArray(found) && found.length > 0, `a list with at least ${of}`, JSON.stringify(found));
}

function demand(key: SettingKey, holds: boolean, required: string, found: unknown, index = ""): void {
  if (holds) return;
  const mention: OptionMention = option(key);
  throw new UsageError(
    naming`Cannot start the test as "${mention}${index}" must be ${required}: current value is ${String(found)}`,
  );
}
