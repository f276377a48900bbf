import type { NotMeasured } from "../../words/absences.ts";
import { type Inline, joined, say, type Words } from "../../words/inline.ts";

/** How a column stands. */
export type Alignment = "left" | "right";

/** What kind of news a line is. */
export type Tone = "good" | "warning" | "critical" | "plain";

/** One sentence of a list. */
export interface Item {
  /** The sentence, unbroken. */
  readonly text: Inline;
  /** What kind of news it is. */
  readonly tone: Tone;
}

/** Something that was asked or measured, and what it came to. */
export interface Fact {
  /** What it is, for those who look for this fact among others. */
  readonly id?: "command";
  /** What it is called; `null` for a remark, which needs no name. */
  readonly label: string | null;
  /** Whether the label is written as it was given, small letters first or not. */
  readonly isVerbatim?: boolean;
  /** What it came to, or why it is not known. */
  readonly value: Inline;
  /** What kind of news it is. */
  readonly tone: Tone;
  /** Whether it was not measured. */
  readonly isAbsent: boolean;
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
  /** Whether cells are aligned between these words, not with them: `Batch  8:` under `Batch 16:`. */
  readonly isAlignedInside: boolean;
  /** Left out where the page is too narrow for all columns. */
  readonly isOptional: boolean;
  /** Of the columns that may be left out, those of a higher rank go first, of equal ones the last. @default {0} */
  readonly goesFirst?: number;
}

/** A row of a table. */
export interface Row {
  /** Whether it takes the star. */
  readonly isBest: boolean;
  /** One for each column. */
  readonly cells: readonly Inline[];
  /** Length of its bar, 0 to 1, or `null` for none. */
  readonly barShare: number | null;
  /** Observations that it rests on, or `null` where that says nothing. */
  readonly n: number | null;
  /** Whether its intervals reached the wanted precision, or `null` where that says nothing. */
  readonly converged: boolean | null;
  /** What else must be known of it; empty if nothing. */
  readonly note: string;
  /** What kind of news it is. @default {"plain"} */
  readonly tone?: Tone;
}

/**
 * How high a title stands: 1 that of the whole, 2 that of a section, 3 that of a part of several sections' worth, 4 that of
 * a list or table.
 */
export type HeadingLevel = 1 | 2 | 3 | 4;

/** A piece of the report that knows nothing of widths, colours, capitals and glyphs. */
export type Block =
  | {
    readonly kind: "heading";
    readonly level: HeadingLevel;
    /** What a page with pictures puts before it, or `null`. */
    readonly emoji: string | null;
    /** In the case of a sentence, without a mark at its end. */
    readonly title: string;
    /** What the titled part comes to; empty where the title says all. */
    readonly value: Inline;
    /** What kind of news that is. @default {"plain"} */
    readonly tone?: Tone;
  }
  | { readonly kind: "paragraph"; readonly text: Inline; readonly tone: Tone }
  | { readonly kind: "legend"; readonly text: Inline }
  | { readonly kind: "list"; readonly items: readonly Item[]; readonly indent: number }
  | {
    readonly kind: "facts";
    readonly facts: readonly Fact[];
    readonly indent: number;
    /** Whether the facts are the answer of their section, which stands without bullets. */
    readonly isAnswer: boolean;
  }
  | {
    readonly kind: "table";
    /** What it shows, where the heading above it holds several tables; else empty. */
    readonly caption: string;
    readonly columns: readonly Column[];
    readonly rows: readonly Row[];
  };

/** What a fact comes to. */
export type FactValue = Words | NotMeasured;

const isNotMeasured = (value: FactValue): value is NotMeasured => typeof value === "object" && "notMeasured" in value;

/** What was measured, or that and why it was not. */
export function valueInWords(value: FactValue): Inline {
  return isNotMeasured(value) ? say`not measured: ${value.notMeasured}` : joined([value]);
}

/** Something that was asked or measured, and what it came to. */
export function fact(label: string, value: FactValue, tone: Tone = "plain"): Fact {
  return { label, value: valueInWords(value), tone, isAbsent: isNotMeasured(value) };
}

/** A fact that needs no name. */
export function remark(value: FactValue, tone: Tone = "plain"): Fact {
  return { label: null, value: valueInWords(value), tone, isAbsent: isNotMeasured(value) };
}

/** Facts in a list. */
export const facts = (facts: readonly Fact[], indent = 0): Block => ({ kind: "facts", facts, indent, isAnswer: false });

/** Facts that are the answer of their section. */
export const answer = (facts: readonly Fact[]): Block => ({ kind: "facts", facts, indent: 0, isAnswer: true });

/** A sentence of a list. */
export const item = (text: Words, tone: Tone = "plain"): Item => ({ text: joined([text]), tone });

/** Sentences. */
export const list = (items: readonly Item[], indent = 0): Block => ({ kind: "list", items, indent });

/** A title with what it comes to. */
export const heading = (
  level: HeadingLevel,
  title: string,
  { emoji = null, value = "", tone = "plain" }: {
    readonly emoji?: string | null;
    readonly value?: FactValue;
    readonly tone?: Tone;
  } = {},
): Block => ({ kind: "heading", level, emoji, title, value: valueInWords(value), tone });

/** A title inside a section. */
export const subheading = (title: string, value: FactValue = ""): Block => heading(4, title, { value });

/** A paragraph. */
export const paragraph = (text: Words, tone: Tone = "plain"): Block => ({
  kind: "paragraph",
  text: joined([text]),
  tone,
});

/** What explains the signs and words of a page. */
export const legend = (text: Words): Block => ({ kind: "legend", text: joined([text]) });

/** A column of numbers that every page shows and that need no word beside them, but for what is said otherwise. */
export const column = (heading: string, { alignment = "right", ...others }: Partial<Column> = {}): Column => ({
  heading,
  before: "",
  after: "",
  alignment,
  isAlignedInside: false,
  isOptional: false,
  ...others,
});

/** A row of texts and numbers that takes no star, bar and sign, but for what is said otherwise. */
export const row = (cells: readonly Words[], others: Partial<Omit<Row, "cells">> = {}): Row => ({
  isBest: false,
  cells: cells.map((cell) => joined([cell])),
  barShare: null,
  n: null,
  converged: null,
  note: "",
  ...others,
});

/** Rows under columns. */
export const table = (columns: readonly Column[], rows: readonly Row[], caption = ""): Block => ({
  kind: "table",
  caption,
  columns,
  rows,
});
