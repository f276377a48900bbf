import { format } from "./assertion_error.ts";

/** Most pairs of lines that are compared; of longer values all lines are shown as changed. */
const MOST_PAIRS = 4_000_000;

/**
 * The difference of two values, line by line, as std shows it but for its colours: `-` stands before what is, `+` before
 * what was expected. Where lines change to others, those of the value with more of them come first.
 */
export function difference(actual: unknown, expected: unknown): string {
  const areTexts = typeof actual === "string" && typeof expected === "string";
  const [ours, wanted] = [actual, expected].map((value) =>
    (areTexts ? visible(value as string) : format(value)).split("\n")
  ) as [string[], string[]];
  const lines = changes(ours, wanted).map(({ sign, line }) => `${sign}   ${line}`);
  return ["", "", "    [Diff] Actual / Expected", "", "", ...lines, ...(areTexts ? [""] : []), ""].join("\n");
}

/** A text with what does not show made visible. */
function visible(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "\b": "\\b",
    "\f": "\\f",
    "\t": "\\t",
    "\v": "\\v",
    "\r": "\\r",
    "\n": "\\n\n",
  };
  return text.replace(/[\b\f\t\v\r\n]/g, (character) => names[character]!);
}

interface Line {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

function changes(ours: readonly string[], wanted: readonly string[]): Line[] {
  const common = lengthOfCommon(ours, wanted);
  const end = Math.min(ours.length, wanted.length) - common;
  const after = Math.min(end, lengthOfCommon(ours.toReversed(), wanted.toReversed()));
  const between = [ours, wanted].map((lines) => lines.slice(common, lines.length - after)) as [string[], string[]];
  const same = (lines: readonly string[]): Line[] => lines.map((line) => ({ sign: " ", line }));
  return [
    ...same(ours.slice(0, common)),
    ...changesBetween(...between),
    ...same(ours.slice(ours.length - after)),
  ];
}

function lengthOfCommon(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((line, i) => line !== b[i]);
  return differs === -1 ? a.length : differs;
}

/** By the longest sequence of lines that both have. */
function changesBetween(ours: readonly string[], wanted: readonly string[]): Line[] {
  const wantedFirst = wanted.length > ours.length;
  const removed: Line[] = [], added: Line[] = [], found: Line[] = [];
  const flush = () =>
    found.push(...(wantedFirst ? [added, removed] : [removed, added]).flatMap((list) => list.splice(0)));
  const longest = lengthsOfCommon(ours, wanted);
  let i = 0, j = 0;
  while (i < ours.length || j < wanted.length) {
    if (i < ours.length && ours[i] === wanted[j]) {
      flush();
      found.push({ sign: " ", line: ours[i]! });
      i++, j++;
    } else if (j >= wanted.length || i < ours.length && longest(i + 1, j) >= longest(i, j + 1)) {
      removed.push({ sign: "-", line: ours[i++]! });
    } else {
      added.push({ sign: "+", line: wanted[j++]! });
    }
  }
  flush();
  return found;
}

/** How many lines both have in sequence, from given ones on. */
function lengthsOfCommon(a: readonly string[], b: readonly string[]): (i: number, j: number) => number {
  const width = b.length + 1;
  if ((a.length + 1) * width > MOST_PAIRS) return () => 0;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j]
        ? lengths[(i + 1) * width + j + 1]! + 1
        : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  return (i, j) => lengths[i * width + j]!;
}
