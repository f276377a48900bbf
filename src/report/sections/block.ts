import type { Alignment } from "../text/align.ts";

/** What kind of news a line is. */
export type Tone = "good" | "warning" | "critical" | "plain";

/** One line of a list. */
export interface Item {
  /** The line, unbroken. */
  readonly text: string;
  /** What kind of news it is. */
  readonly tone: Tone;
}

/** A column of a table. */
export interface Column {
  /** What it holds, where the page has a line for that. */
  readonly heading: string;
  /** Stands before each cell that is not empty, where it has not. */
  readonly before: string;
  /** Stands after each such cell. */
  readonly after: string;
  /** How its cells stand. */
  readonly alignment: Alignment;
  /** Left out where the page is too narrow for all columns. */
  readonly isOptional: boolean;
}

/** A row of a table. */
export interface Row {
  /** Whether it takes the star. */
  readonly isBest: boolean;
  /** Texts, one for each column. */
  readonly cells: readonly string[];
  /** Length of its bar, 0 to 1, or `null` for none. */
  readonly barShare: number | null;
  /** Observations that it rests on, or `null` where that says nothing. */
  readonly n: number | null;
  /** Whether its intervals reached the wanted precision, or `null` where that says nothing. */
  readonly converged: boolean | null;
  /** What else must be known of it; empty if nothing. */
  readonly note: string;
}

/** A piece of the report that knows nothing of widths, colours and glyphs. */
export type Block =
  | { readonly kind: "heading"; readonly emoji: string; readonly title: string }
  | { readonly kind: "subheading"; readonly emoji: string | null; readonly title: string }
  | { readonly kind: "paragraph"; readonly text: string; readonly tone: Tone }
  | { readonly kind: "legend"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly Item[]; readonly indent: number }
  | { readonly kind: "table"; readonly columns: readonly Column[]; readonly rows: readonly Row[] };

/** A title with a rule under it. */
export const heading = (emoji: string, title: string): Block => ({ kind: "heading", emoji, title });

/** A title inside a section. */
export const subheading = (title: string, emoji: string | null = null): Block => ({ kind: "subheading", emoji, title });

/** A paragraph. */
export const paragraph = (text: string, tone: Tone = "plain"): Block => ({ kind: "paragraph", text, tone });

/** A column of numbers that every page shows and that need no word beside them, but for what is said otherwise. */
export const column = (heading: string, { alignment = "right", ...others }: Partial<Column> = {}): Column => ({
  heading,
  before: "",
  after: "",
  alignment,
  isOptional: false,
  ...others,
});

/** A list of plain lines. */
export const list = (texts: readonly string[], indent = 0): Block => ({
  kind: "list",
  items: texts.map((text) => ({ text, tone: "plain" })),
  indent,
});
