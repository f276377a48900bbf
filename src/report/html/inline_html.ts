import { escapeXml } from "../../plot/kit/escape_xml.ts";

/** An interval as reports write it, with the unit before or after it. */
const INTERVAL = /\[(?:-?[\d.,]*\d|n too small), (?:-?[\d.,]*\d|n too small)\]/g;
/** A number and its unit, which stay on one line. */
const QUANTITY = /(\d) (?=(?:ms|s|MB|GB|req\/s|pred\/s|bytes)\b)/g;
const SIGNS: Readonly<Record<string, string>> = {
  "⭐": '<span class="star">★</span>',
  "✓": '<span class="good">✓</span>',
  "✗": '<span class="bad">✗</span>',
};

/**
 * A sentence of the report as HTML: escaped, intervals and quantities unbroken.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inlineHtml } from "./inline_html.ts";
 *
 * assertEquals(inlineHtml("5 ms [4, 6] <b>"), '5\u00a0ms <span class="interval">[4, 6]</span> &lt;b&gt;');
 * ```
 *
 * @param text Any text; words of a server may hold anything.
 */
export function inlineHtml(text: string): string {
  return escapeXml(text)
    .replace(QUANTITY, "$1\u00a0")
    .replace(INTERVAL, (interval) => `<span class="interval">${interval}</span>`)
    .replace(/[⭐✓✗]/gu, (sign) => SIGNS[sign]!);
}

/**
 * A text that begins with a capital.
 *
 * @param text Any text.
 */
export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A label and what it labels. */
export interface LabelledText {
  /** What stands before the colon. */
  readonly label: string;
  /** What stands after it. */
  readonly value: string;
}

/**
 * A line of the report in its label and its value, or `null` where it has no label.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { labelled } from "./inline_html.ts";
 *
 * assertEquals(labelled("Knee: at concurrency 4"), { label: "Knee", value: "at concurrency 4" });
 * assertEquals(labelled("Timing is real"), null);
 * ```
 *
 * @param text One line.
 * @param longest Characters that a label may have.
 */
export function labelled(text: string, longest = 60): LabelledText | null {
  const [, label, value] = /^([^:]+): (.*)$/s.exec(text) ?? [];
  return label === undefined || value === undefined || label.length > longest ? null : { label, value };
}

/**
 * A title of the text report, which shouts, in the case of a sentence and without its colon.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { titleText } from "./inline_html.ts";
 *
 * assertEquals(titleText("LATENCY TEST RESULTS"), "Latency test results");
 * assertEquals(titleText("Phases (bar: host memory):"), "Phases (bar: host memory)");
 * ```
 *
 * @param title Of a heading or subheading.
 */
export function titleText(title: string): string {
  const text = title.replace(/:$/, "");
  return text === text.toUpperCase() ? text.slice(0, 1) + text.slice(1).toLowerCase() : text;
}
