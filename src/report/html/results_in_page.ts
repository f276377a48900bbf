import { UsageError } from "../../core/errors.ts";
import type { Report } from "../../results/report.ts";
import { formatJson } from "../json/format_json.ts";

/** What the results may add to a page before timelines are thinned out, characters. */
const MOST_CHARACTERS = 2 ** 18;
/** The longest timeline where the results would be larger, and the least that it is cut to. */
const LONGEST_LINE = 2048, SHORTEST_LINE = 32;
/** Lists of moments, for charts. What any other list holds was found, and stays. */
const TIMELINES: ReadonlySet<string> = new Set(["timeline", "warmUpTimeline"]);

const OPENING = '<script type="application/json" id="results">', CLOSING = "</script>";

/** Results as a page holds them. */
export interface EmbeddedResults {
  /** An element that no browser runs, shows or fetches anything for. */
  readonly html: string;
  /** Whether timelines were thinned out, so that the page stays small. */
  readonly isThinned: boolean;
}

/**
 * A report's results file as a part of a page. Timelines that would make it large are thinned out evenly;
 * samples are in no report.
 *
 * @param report What was measured.
 * @returns Markup in which no text of the report can end the element or stand for anything but itself.
 */
export function embeddedResults(report: Report): EmbeddedResults {
  const whole = formatJson(report);
  const document: unknown = JSON.parse(whole);
  let json = JSON.stringify(document);
  const { length } = json;
  for (let most = LONGEST_LINE; json.length > MOST_CHARACTERS && most >= SHORTEST_LINE; most /= 2) {
    json = JSON.stringify(
      document,
      (key, value) => TIMELINES.has(key) && Array.isArray(value) ? thinned(value, most) : value,
    );
  }
  return { html: OPENING + escaped(json) + CLOSING, isThinned: json.length < length };
}

/**
 * Whether a text is a page.
 *
 * @param text Anything.
 */
export function isPage(text: string): boolean {
  return /^\s*<!doctype html>/i.test(text);
}

/**
 * The results file that a page holds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(resultsInPage("{}"), null);
 * assertEquals(resultsInPage('<!doctype html><script type="application/json" id="results">{"a":1}</script>'), '{"a":1}');
 * ```
 *
 * @param text A page, or anything else.
 * @returns The JSON; `null` where the text is no page.
 * @throws {UsageError} If the page holds no results.
 */
export function resultsInPage(text: string): string | null {
  if (!isPage(text)) return null;
  const from = text.lastIndexOf(OPENING);
  const to = text.indexOf(CLOSING, from);
  if (from >= 0 && to >= 0) return text.slice(from + OPENING.length, to);
  throw new UsageError("Cannot read the results as a page must hold them: this one holds none", {
    hint: "Pass a page that torchgauge made of one run, or a results file.",
  });
}

/** What could end the element, begin another or a comment, and what a browser or the page would change. */
const UNSAFE = /[<>&\u2028\u2029]|[^\P{C}\n]/gu;

function escaped(json: string): string {
  const unit = (text: string, at: number) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return json.replace(UNSAFE, (found) => Array.from({ length: found.length }, (_, at) => unit(found, at)).join(""));
}

/** A list of no more than so many entries, evenly spaced, the first and the last among them. */
function thinned(list: readonly unknown[], most: number): readonly unknown[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, k) => list[Math.round(k * (list.length - 1) / (most - 1))]);
}
