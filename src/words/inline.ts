/**
 * A piece of a sentence. A page decides how each kind looks; none of them is found in a text afterwards.
 *
 * - `text`: words, which break into lines anywhere between them; those of a server too
 * - `quantity`: a number with its unit, which stay on one line
 * - `interval`: the ends of an interval in brackets, which stay on one line
 * - `sign`: one of the signs of a table
 */
export type Span =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "quantity"; readonly text: string }
  | { readonly kind: "interval"; readonly text: string }
  | { readonly kind: "sign"; readonly sign: Sign };

/** Signs of a table: the best level, one known precisely, one known less well. */
export type Sign = "best" | "precise" | "imprecise";

/** A sentence, or a part of one. */
export type Inline = readonly Span[];

/** What may stand in a sentence. */
export type Words = string | number | Span | Inline;

/**
 * A sentence with its quantities and intervals as data: a tag for template literals.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { interval, quantity, say } from "./inline.ts";
 *
 * assertEquals(say`p95 ${quantity("5 ms")} ${interval("[4, 6]")}`, [
 *   { kind: "text", text: "p95 " },
 *   { kind: "quantity", text: "5 ms" },
 *   { kind: "text", text: " " },
 *   { kind: "interval", text: "[4, 6]" },
 * ]);
 * ```
 *
 * @param strings Text between the parts.
 * @param parts What stands between the strings.
 * @returns The sentence, neighbouring texts joined.
 */
export function say(strings: TemplateStringsArray, ...parts: readonly Words[]): Inline {
  return joined(strings.flatMap((text, index): Words[] => index < parts.length ? [text, parts[index]!] : [text]));
}

/**
 * Parts one after the other.
 *
 * @param parts What to join.
 * @param separator What stands between two of them.
 */
export function joined(parts: readonly Words[], separator = ""): Inline {
  const spans: Span[] = [];
  for (const span of parts.flatMap((part, index) => [...index === 0 ? [] : spansOf(separator), ...spansOf(part)])) {
    const last = spans.at(-1);
    if (last?.kind === "text" && span.kind === "text") spans[spans.length - 1] = text(last.text + span.text);
    else spans.push(span);
  }
  return spans;
}

function spansOf(words: Words): Inline {
  if (typeof words === "string") return words === "" ? [] : [text(words)];
  if (typeof words === "number") return [text(String(words))];
  return "kind" in words ? [words] : words;
}

const text = (text: string): Span => ({ kind: "text", text });

/**
 * A number with its unit.
 *
 * @param text Both, as one of the functions of `quantity.ts` gives them.
 */
export const quantity = (text: string): Span => ({ kind: "quantity", text });

/**
 * An interval.
 *
 * @param text Its ends in brackets.
 */
export const interval = (text: string): Span => ({ kind: "interval", text });

/**
 * A sign.
 *
 * @param sign Which one.
 */
export const sign = (sign: Sign): Span => ({ kind: "sign", sign });

const SIGNS: Readonly<Record<Sign, string>> = { best: "⭐", precise: "✓", imprecise: "rough" };

/**
 * A sentence as plain text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { interval, plainText, quantity, say } from "./inline.ts";
 *
 * assertEquals(plainText(say`p95 ${quantity("5 ms")} ${interval("[4, 6]")}`), "p95 5 ms [4, 6]");
 * ```
 *
 * @param inline The sentence.
 * @param signs How signs are written.
 */
export function plainText(inline: Inline, signs: Readonly<Record<Sign, string>> = SIGNS): string {
  return inline.map((span) => span.kind === "sign" ? signs[span.sign] : span.text).join("");
}

/**
 * A sentence that begins with a capital.
 *
 * @param words Any words.
 */
export function capitalized(words: Words): Inline {
  const [first, ...others] = joined([words]);
  if (first?.kind !== "text") return first === undefined ? [] : [first, ...others];
  return [text(first.text.slice(0, 1).toUpperCase() + first.text.slice(1)), ...others];
}
