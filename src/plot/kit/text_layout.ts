const NARROW = /[iljtfrI.,:;|'!()[\]\s/·]/;
const WIDE = /[mwMW%@→←↑↓≥≤…—]/;

/**
 * About how wide a text is. A chart is laid out without a browser, so this errs to the wide side (DejaVu Sans, which is
 * wider than the system fonts of desktops).
 *
 * @param text One line.
 * @param fontSize In px.
 * @returns In px.
 */
export function textWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const letter of text) ems += NARROW.test(letter) ? 0.39 : WIDE.test(letter) ? 0.92 : 0.62;
  return ems * fontSize;
}

/**
 * Breaks a text into lines at spaces (a no-break space is none); a word that is wider than a line is cut with an ellipsis.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { wrapText } from "./text_layout.ts";
 * assertEquals(wrapText("batch size 8 is the best", 90, 12), ["batch size 8", "is the best"]);
 * ```
 *
 * @param text In words.
 * @param width Of a line, px.
 * @param fontSize In px.
 */
export function wrapText(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (
    const word of text.replaceAll(" %", "\u00a0%").replaceAll("n = ", "n\u00a0=\u00a0").split(/[ \n\t]+/).filter((
      part,
    ) => part !== "").map((part) => fitted(part, width, fontSize))
  ) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, fontSize) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, line];
}

/**
 * A text that fits a width: cut with an ellipsis where it must be.
 *
 * @param text One line.
 * @param width Room for it, px.
 * @param fontSize In px.
 */
export function fitted(text: string, width: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(letters.join("") + "…", fontSize) > width) letters.pop();
  return letters.join("").trimEnd() + "…";
}

/** A label on a line: where it begins and how wide it is, px. */
export interface LabelSpan {
  /** Left end, px. */
  readonly start: number;
  /** Width, px. */
  readonly width: number;
}

/**
 * Gives each label the first row in which it covers no earlier one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { laneRows } from "./text_layout.ts";
 * assertEquals(laneRows([{ start: 0, width: 50 }, { start: 40, width: 50 }, { start: 60, width: 20 }]), [0, 1, 0]);
 * ```
 *
 * @param labels In px.
 * @returns The row of each, 0 next to the plot.
 */
export function laneRows(labels: readonly LabelSpan[]): number[] {
  const ends: LabelSpan[][] = [];
  return labels.map((label) => {
    const free = ends.findIndex((row) => row.every((other) => apart(label, other)));
    const row = free === -1 ? ends.length : free;
    (ends[row] ??= []).push(label);
    return row;
  });
}

/** Least room between two labels in a row, px. */
const GAP = 8;

function apart(a: LabelSpan, b: LabelSpan): boolean {
  return a.start >= b.start + b.width + GAP || b.start >= a.start + a.width + GAP;
}

/**
 * Moves labels apart on a vertical line as little as needed, keeping their order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { spreadLabels } from "./text_layout.ts";
 * assertEquals(spreadLabels([100, 104, 200], 14), [95, 109, 200]);
 * ```
 *
 * @param positions Wanted, px.
 * @param distance Least between two, px.
 * @returns Places, px, in the order of `positions`.
 */
export function spreadLabels(positions: readonly number[], distance: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a]! - positions[b]!);
  const groups: { from: number; members: number[] }[] = [];
  for (const index of order) {
    groups.push({ from: positions[index]!, members: [index] });
    while (groups.length > 1) {
      const last = groups.at(-1)!, before = groups.at(-2)!;
      if (last.from - before.from >= before.members.length * distance) break;
      const members = [...before.members, ...last.members];
      const middle = members.reduce((sum, member) => sum + positions[member]!, 0) / members.length;
      groups.splice(-2, 2, { from: middle - (members.length - 1) * distance / 2, members });
    }
  }
  const places = new Array<number>(positions.length);
  for (const { from, members } of groups) members.forEach((member, k) => places[member] = from + k * distance);
  return places;
}
