import { wrap } from "../../report/text/align.ts";

/**
 * A message for a terminal: lines that are too long are broken between words, and go on as far in as they began.
 *
 * @param message Any lines.
 * @param columns How wide the terminal is, characters.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wrappedLines("Error: it is gone\n  so is the other", 12), "Error: it is\ngone\n  so is the\n  other");
 * ```
 */
export function wrappedLines(message: string, columns: number): string {
  return message.split("\n").flatMap((line) => {
    const [indent = ""] = /^ */.exec(line) ?? [];
    const width = columns - indent.length;
    return line.length <= columns || width < 1 ? [line] : wrap(line, width).map((part) => indent + part);
  }).join("\n");
}
