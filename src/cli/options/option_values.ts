import type { ParameterValue, RequestParameters } from "../../core/request/parameters.ts";
import { type GpuName, isGpuName } from "../../observe/gpu/choose_devices.ts";
import { parseMetricsUrl } from "../../observe/gpu/exporter/metrics_url.ts";
import { parseRequestLimits } from "../../objectives/parse_objectives.ts";
import { parseServerUrl } from "../../wire/url.ts";
import { closestNames } from "./meant/closest_name.ts";
import { type OptionValue, Refused } from "./option.ts";

/** Most numbers in a list: each is a level that takes seconds. */
const MOST_IN_LIST = 64;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;
/** Integers of 64 bits, signed or not. */
const LEAST_INTEGER = -(2n ** 63n), MOST_INTEGER = 2n ** 64n - 1n;
/** What is taken for a time with a unit behind it. */
const WITH_UNIT = /\d *(?:ms|s|sec|m|min|h)$/;

/** Bounds of numbers, inclusive. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** The most that is taken without leave, where that is less. */
  readonly cap?: number;
}

/** An option that is there or not. */
export const FLAG: OptionValue<true> = { placeholder: "", read: () => true };

/** Any text. */
export function text(placeholder: string): OptionValue<string> {
  return { placeholder, read: (written) => written };
}

/** Base URL of a server. */
export const SERVER_URL: OptionValue<string> = { placeholder: "URL", read: (written) => parseServerUrl(written).href };

/** URL of metrics, which may hold a password: it is kept as it was written. */
export const METRICS_URL: OptionValue<string> = {
  placeholder: "URL",
  read: (written) => {
    parseMetricsUrl(written);
    return written;
  },
};

/** Limits of each request: they are kept as they were written. */
export const LIMITS: OptionValue<string> = {
  placeholder: "LIMITS",
  example: "ttft<300ms,tpot<40ms",
  read: (written) => {
    parseRequestLimits(written);
    return written;
  },
};

/** Numbers and UUIDs of GPUs, with commas between. */
export const GPUS: OptionValue<readonly GpuName[]> = {
  placeholder: "N,UUID,...",
  example: "0,1",
  read: (written) => {
    const names = written.split(",").map((part) => part.trim()).map((part) => /^\d+$/.test(part) ? Number(part) : part);
    return names.every(isGpuName) ? names : new Refused("must be numbers or UUIDs of GPUs, with commas between");
  },
};

/** A URL with name, password and the values of its query masked, also where it stands behind its option. */
export function withoutPassword(url: string): string {
  const [address = "", ...query] = url.split("?");
  return [address, ...query.map((part) => part.replaceAll(/=[^&]*/gs, "=***"))].join("?").replace(/\/\/.*@/s, "//***@");
}

/** A file whose name ends in .html. */
export const HTML_FILE: OptionValue<string> = {
  placeholder: "FILE.html",
  read: (written) =>
    /\.html?$/i.test(written)
      ? written
      : new Refused("must be a file that ends in .html", undefined, "For other formats use --format and --output."),
};

/** A percentage from 0% to under 100%, read as a share. */
export const PERCENT: OptionValue<number> = {
  placeholder: "PERCENT",
  example: "5%",
  read: (written) => {
    const percent = Number(/^(\d+\.?\d*|\.\d+)\s*%$/.exec(written)?.[1] ?? NaN);
    return percent < 100 ? percent / 100 : new Refused("must be a percentage from 0% to under 100%");
  },
};

/**
 * The member of a closed list.
 *
 * @param placeholder Stands for it.
 * @param choices The list.
 * @param hints What to do about what others write for a member.
 */
export function choice<Choice extends string>(
  placeholder: string,
  choices: readonly Choice[],
  hints: Readonly<Record<string, string>> = {},
): OptionValue<Choice> {
  return {
    placeholder,
    bounds: choices.join(", "),
    choices,
    read: (written) => {
      const found = choices.find((choice) => choice === written);
      if (found !== undefined) return found;
      const [meant] = closestNames(written, choices);
      const hint = hints[written.toLowerCase()] ?? (meant === undefined ? undefined : `Did you mean ${meant}?`);
      return new Refused(`must be one of ${choices.join(", ")}`, undefined, hint);
    },
  };
}

/** A whole number. */
export function whole(bounds: Bounds): OptionValue<number> {
  return { placeholder: "N", ...boundsOf(bounds), read: numberReader("a whole number", Number.isInteger, bounds) };
}

/**
 * A whole number, or a word in its place.
 *
 * @param word What may be written instead.
 */
export function wholeOr<Word extends string>(word: Word, bounds: Bounds): OptionValue<number | Word> {
  const read = numberReader(`"${word}" or a whole number`, Number.isInteger, bounds);
  return {
    placeholder: "N",
    bounds: `${word}, or ${bounds.least} to ${bounds.most}`,
    read: (written) => written === word ? word : read(written),
  };
}

/** A number. */
export function number(bounds: Bounds, placeholder = "N"): OptionValue<number> {
  return { placeholder, ...boundsOf(bounds), read: numberReader("a number", Number.isFinite, bounds) };
}

/** A time that is written in seconds, read as ms. */
export function seconds(boundsMs: Bounds): OptionValue<number> {
  const bounds = { least: boundsMs.least / 1000, most: boundsMs.most / 1000 };
  const read = numberReader("a number of seconds", Number.isFinite, bounds);
  return {
    placeholder: "SECONDS",
    ...boundsOf(bounds),
    read: (written) => {
      const found = read(written);
      if (typeof found === "number") return found * 1000;
      return WITH_UNIT.test(written)
        ? new Refused(found.required, found.found, "Write seconds without a unit.")
        : found;
    },
  };
}

/** Bytes of each unit. */
const SIZES: Readonly<Record<string, number>> = {
  "": 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** A size, read as bytes. */
export function bytes({ least, most }: Bounds): OptionValue<number> {
  const inUnits = (size: number) => size % 2 ** 30 === 0 ? `${size / 2 ** 30}GiB` : `${size / 2 ** 10}KiB`;
  const bounds = `${inUnits(least)} to ${inUnits(most)}`;
  return {
    placeholder: "SIZE",
    bounds,
    example: "64MB",
    read: (written) => {
      const [, number = "", unit = ""] = /^(\d+\.?\d*|\.\d+)\s*([kmg]i?b|b?)$/i.exec(written) ?? [];
      const size = number === "" ? NaN : Math.round(Number(number) * SIZES[unit.toLowerCase().replace(/^b$/, "")]!);
      if (size >= least && size <= most) return size;
      return new Refused(`must be a size from ${bounds}`, written, "Write it as 64MB or 1GiB.");
    },
  };
}

/** Whole numbers with commas between, ascending, each once. */
export function wholes(bounds: Bounds): OptionValue<readonly number[]> {
  return listOf(numberReader("whole numbers, with commas between,", Number.isInteger, bounds), bounds);
}

/** A process id; several where the option is given several times. */
export function pids(bounds: Bounds): OptionValue<readonly number[]> {
  const { read } = listOf(numberReader("a whole number", Number.isInteger, bounds), bounds);
  return { placeholder: "N", ...boundsOf(bounds), read, join: (all) => [...new Set(all.flat())] };
}

/** Numbers with commas between, ascending, each once. */
export function numbers(bounds: Bounds): OptionValue<readonly number[]> {
  return listOf(numberReader("numbers, with commas between,", Number.isFinite, bounds), bounds);
}

/** Two rates with a colon between. */
export const RATES_SPAN: OptionValue<{ readonly fromPerSecond: number; readonly toPerSecond: number }> = {
  placeholder: "FROM:TO",
  example: "10:200",
  read: (written) => {
    const [fromPerSecond, toPerSecond] = /^\d+(?:\.\d+)?:\d+(?:\.\d+)?$/.test(written)
      ? written.split(":").map(Number)
      : [];
    return fromPerSecond !== undefined && toPerSecond !== undefined && fromPerSecond + toPerSecond > 0
      ? { fromPerSecond, toPerSecond }
      : new Refused("must be two rates, not both 0, with a colon between");
  },
};

/** Parameters of requests, one each time that it is given. */
export const PARAMETERS: OptionValue<RequestParameters> = {
  placeholder: "NAME=VALUE",
  example: "max_tokens=64",
  read(written) {
    const equals = written.indexOf("=");
    const name = written.slice(0, equals).trim();
    if (equals < 0 || name === "") return new Refused("must have a name before an =");
    const value = valueOf(written.slice(equals + 1).trim());
    return value instanceof Refused ? value : { [name]: value };
  },
  join(all) {
    const names = all.flatMap((one) => Object.keys(one));
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined) {
      return new Refused(`must be given once for "${twice}"`, undefined, "Leave all but one out.");
    }
    return Object.assign({}, ...all);
  },
};

function boundsOf({ least, most, cap = most }: Bounds): { readonly bounds: string } {
  return { bounds: `${least} to ${cap}` };
}

function numberReader(required: string, isValid: (value: number) => boolean, { least, most, cap = most }: Bounds) {
  return (written: string): number | Refused => {
    const value = NUMBER.test(written) ? Number(written) : NaN;
    if (isValid(value) && value >= least && value <= most) return value;
    return new Refused(`must be ${required} from ${least} to ${value > most ? most : cap}`, written);
  };
}

function listOf(read: (part: string) => number | Refused, bounds: Bounds): OptionValue<readonly number[]> {
  return {
    placeholder: "N,N,...",
    ...boundsOf(bounds),
    read: (written) => {
      const parts = written.split(",").map((part) => part.trim());
      if (parts.length > MOST_IN_LIST) {
        return new Refused(`must have at most ${MOST_IN_LIST} numbers`, `${parts.length} numbers`);
      }
      const values = parts.map(read);
      const refused = values.find((value) => value instanceof Refused);
      if (refused !== undefined) return refused;
      return [...new Set(values as number[])].sort((a, b) => a - b);
    },
  };
}

/** As JSON has it; what is no JSON is a text, and so is what stands in quotes. */
function valueOf(written: string): ParameterValue | Refused {
  if (written === "true" || written === "false") return written === "true";
  if (INTEGER.test(written)) {
    const integer = BigInt(written);
    if (integer < LEAST_INTEGER || integer > MOST_INTEGER) return new Refused("must have integers of 64 bits");
    return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
  }
  if (JSON_NUMBER.test(written)) {
    return Number.isFinite(Number(written)) ? Number(written) : new Refused("must have numbers that a double holds");
  }
  if (!/^".*"$/s.test(written)) return written;
  try {
    return JSON.parse(written);
  } catch {
    return written.slice(1, -1);
  }
}
