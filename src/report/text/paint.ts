import type { Tone } from "../sections/block.ts";

const ANSI = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

/** Colours and weights of a terminal. */
export type PaintName = keyof typeof ANSI;

/** Paints one line, or a part of one: a colour inside of a weight ends without ending that. */
export type Paint = (text: string, name: PaintName) => string;

/**
 * How lines are painted.
 *
 * @param color Whether ANSI escapes may be used; without, every line stays as it is.
 */
export function painter(color: boolean): Paint {
  return (text, name) => {
    const [begin, end] = ANSI[name];
    return color && text !== "" ? `\x1b[${begin}m${text}\x1b[${end}m` : text;
  };
}

const TONES: Readonly<Record<Tone, PaintName | null>> = {
  good: "green",
  warning: "yellow",
  critical: "red",
  plain: null,
};

/** A line in the colour of its news. */
export function toned(line: string, tone: Tone, paint: Paint): string {
  const name = TONES[tone];
  return name === null ? line : paint(line, name);
}
