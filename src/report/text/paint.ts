const ANSI = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Colours and weights of a terminal. */
export type PaintName = keyof typeof ANSI;

/** Paints one line. */
export type Paint = (text: string, name: PaintName) => string;

/**
 * How lines are painted.
 *
 * @param color Whether ANSI escapes may be used; without, every line stays as it is.
 */
export function painter(color: boolean): Paint {
  return (text, name) => color && text !== "" ? `\x1b[${ANSI[name]}m${text}\x1b[0m` : text;
}
