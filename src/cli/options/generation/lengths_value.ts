import type { TokenLengths } from "../../../core/request/token_lengths.ts";
import type { Bounds } from "../option_values.ts";
import { type OptionValue, Refused } from "../option.ts";

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const NORMAL = new RegExp(`^normal:${NUMBER},${NUMBER}$`);
/** How others write them: AIPerf, GuideLLM, and by hand. */
const OTHERS: readonly (readonly [RegExp, (a: string, b: string) => string])[] = [
  [/^(\d+)\s*(?:-|\.\.|,)\s*(\d+)$/, (a, b) => `Write ${a}:${b} for any from ${a} to ${b}, or normal:${a},${b}.`],
  [/^(?:uniform|range)[:(\s=]*(\d+)\s*[,:-]\s*(\d+)\)?$/i, (a, b) => `Write ${a}:${b}.`],
  [/^(\d+)\s*(?:±|\+-|\+\/-|\||~)\s*(\d+)$/, (a, b) => `Write normal:${a},${b}.`],
  [/^(?:normal|gauss|gaussian|norm)[:(\s=]*(\d+)\s*[,:;]\s*(\d+)\)?$/i, (a, b) => `Write normal:${a},${b}.`],
  [/mean=(\d+).*(?:std|stdev|stddev|std_dev)=(\d+)/i, (a, b) => `Write normal:${a},${b}.`],
  [/min=(\d+).*max=(\d+)/i, (a, b) => `Write ${a}:${b}.`],
];

/**
 * How many tokens: a number, or a distribution.
 *
 * @param bounds Of each length.
 */
export function lengths({ least, most }: Bounds): OptionValue<TokenLengths> {
  const required = `must be a whole number from ${least} to ${most}, two of them as 100:200, or normal:128,32`;
  const isLength = (value: number) => Number.isInteger(value) && value >= least && value <= most;
  return {
    placeholder: "N",
    bounds: `${least} to ${most}`,
    read(written) {
      const parts = /^\d+(?::\d+)?$/.test(written) ? written.split(":").map(Number) : [];
      const [first = NaN, second] = parts;
      if (parts.every(isLength) && parts.length > 0) {
        if (second === undefined) return first;
        if (first <= second) return first === second ? first : { kind: "uniform", least: first, most: second };
        return new Refused("must have the smaller number first", written, `Write ${second}:${first}.`);
      }
      const [, mean = NaN, deviation = NaN] = (NORMAL.exec(written) ?? []).map(Number);
      if (mean >= least && mean <= most && deviation <= mean) {
        return deviation === 0 ? Math.round(mean) : { kind: "normal", mean, deviation };
      }
      if (deviation > mean) return new Refused("must have a standard deviation up to the mean", written);
      const [hint] = OTHERS.flatMap(([form, write]) => {
        const [, a, b] = form.exec(written) ?? [];
        return a === undefined || b === undefined ? [] : [write(a, b)];
      });
      return new Refused(required, written, hint);
    },
  };
}
