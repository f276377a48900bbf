/** Signs of the text report. */
export interface Glyphs {
  /** Before a line of a list. */
  readonly bullet: string;
  /** Before the best level of a sweep. */
  readonly star: string;
  /** After a level whose intervals reached the wanted precision. */
  readonly converged: string;
  /** After a level whose intervals did not reach it. */
  readonly notConverged: string;
  /** Before what is well. */
  readonly good: string;
  /** Parts of a bar's last cell, from an eighth to a whole; one entry draws whole cells only. */
  readonly bar: readonly string[];
  /** A text in these signs. */
  readonly spell: (text: string) => string;
  /** A section's emoji with a space, or nothing. */
  readonly emoji: (emoji: string) => string;
}

/** For terminals that show Unicode. The star and the emoji take two cells. */
export const UNICODE_GLYPHS: Glyphs = {
  bullet: "•",
  star: "⭐",
  converged: "✓",
  notConverged: "✗",
  good: "✅ ",
  bar: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
  spell: (text) => text,
  emoji: (emoji) => `${emoji} `,
};

/** For terminals and logs that do not. */
export const ASCII_GLYPHS: Glyphs = {
  bullet: "-",
  star: "*",
  converged: "ok",
  notConverged: "no",
  good: "[ok] ",
  bar: ["#"],
  spell: (text) =>
    text.replaceAll("✓", "ok").replaceAll("✗", "no").replaceAll("⭐", "*").replace(/[^\x20-\x7e]/gu, "?"),
  emoji: () => "",
};
