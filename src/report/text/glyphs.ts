import type { Sign } from "../../words/inline.ts";

/** Signs of the text report. */
export interface Glyphs {
  /** Before a line of a list. */
  readonly bullet: string;
  /** Before the best level of a sweep, after one known precisely, and after one known less well. */
  readonly signs: Readonly<Record<Sign, string>>;
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
  signs: { best: "⭐", precise: "✓", imprecise: "rough" },
  good: "✅ ",
  bar: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
  spell: (text) => text,
  emoji: (emoji) => `${emoji} `,
};

/** For terminals and logs that do not. */
export const ASCII_GLYPHS: Glyphs = {
  bullet: "-",
  signs: { best: "*", precise: "ok", imprecise: "rough" },
  good: "[ok] ",
  bar: ["#"],
  spell: (text) => text.replace(/[^\x20-\x7e]/gu, "?"),
  emoji: () => "",
};
