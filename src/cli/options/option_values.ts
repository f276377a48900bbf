import { type GpuName, isGpuName } from "../../observe/gpu/choose_devices.ts";
import { parseMetricsUrl } from "../../observe/gpu/exporter/metrics_url.ts";
import { parseServerUrl } from "../../wire/url.ts";
import { closestNames } from "./closest_name.ts";
import { type OptionValue, Refused } from "./option.ts";

/** Most numbers in a list: each is a level that takes seconds. */
const MOST_IN_LIST = 64;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** What is taken for a time with a unit behind it. */
const WITH_UNIT = /\d *(?:ms|s|sec|m|min|h)$/;

/** Bounds of numbers, inclusive. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
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

/** Numbers and UUIDs of GPUs, with commas between. */
export const GPUS: OptionValue<readonly GpuName[]> = {
  placeholder: "N,UUID,...",
  example: "0,1",
  read: (written) => {
    const names = written.split(",").map((part) => part.trim()).map((part) => /^\d+$/.test(part) ? Number(part) : part);
    return names.every(isGpuName) ? names : new Refused("must be numbers or UUIDs of GPUs, with commas between");
  },
};

/** A URL with the name and the password in it masked, also where it stands behind its option. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/.*@/s, "//***@");
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

/** The member of a closed list. */
export function choice<Choice extends string>(placeholder: string, choices: readonly Choice[]): OptionValue<Choice> {
  return {
    placeholder,
    bounds: choices.join(", "),
    read: (written) => {
      const found = choices.find((choice) => choice === written);
      if (found !== undefined) return found;
      const [meant] = closestNames(written, choices);
      const hint = meant === undefined ? undefined : `Did you mean ${meant}?`;
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

/** Whole numbers with commas between, ascending, each once. */
export function wholes(bounds: Bounds): OptionValue<readonly number[]> {
  return listOf(numberReader("whole numbers, with commas between,", Number.isInteger, bounds), bounds);
}

/** A process id; several where the option is given several times. */
export function pids(bounds: Bounds): OptionValue<readonly number[]> {
  const { read } = listOf(numberReader("a whole number", Number.isInteger, bounds), bounds);
  return { placeholder: "N", ...boundsOf(bounds), isList: true, read };
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

function boundsOf({ least, most }: Bounds): { readonly bounds: string } {
  return { bounds: `${least} to ${most}` };
}

function numberReader(required: string, isValid: (value: number) => boolean, { least, most }: Bounds) {
  return (written: string): number | Refused => {
    const value = NUMBER.test(written) ? Number(written) : NaN;
    if (isValid(value) && value >= least && value <= most) return value;
    return new Refused(`must be ${required} from ${least} to ${most}`, written);
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
