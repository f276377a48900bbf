/** One line of a Prometheus exposition. */
export interface PrometheusSample {
  /** Name of the metric. */
  readonly name: string;
  /** Its labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its value; finite. */
  readonly value: number;
}

const NAME = /^[ \t]*([a-zA-Z_:][\w:]*)/;
/** What follows a name: labels in braces, which strings may hold too, or a blank; and the value. */
const REST = /^(?:[ \t]*\{([^"}]*(?:"[^"\\]*(?:\\.[^"\\]*)*"[^"}]*)*)\}[ \t]*|[ \t]+)([^\s{]+)/;
const LABEL = /([a-zA-Z_]\w*)[ \t]*=[ \t]*"([^"\\]*(?:\\.[^"\\]*)*)"/g;

/**
 * The samples of a text in the Prometheus or the OpenMetrics format
 * (https://prometheus.io/docs/instrumenting/exposition_formats). Comments, timestamps, exemplars, values that are not finite
 * and lines that are none of it are passed over.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parsePrometheus } from "./prometheus_text.ts";
 * assertEquals(parsePrometheus('# TYPE x counter\nx{model="a",} 1.5e3 1700000000000\nx{model="b"} NaN\n# EOF\n'), [
 *   { name: "x", labels: { model: "a" }, value: 1500 },
 * ]);
 * ```
 *
 * @param text The exposition.
 * @param names Metrics that are read; others cost next to nothing. @default {all}
 */
export function parsePrometheus(text: string, names?: ReadonlySet<string>): PrometheusSample[] {
  return text.split("\n").flatMap((line) => {
    const [head, name] = NAME.exec(line) ?? [];
    if (head === undefined || name === undefined || names?.has(name) === false) return [];
    const [, labels = "", value] = REST.exec(line.slice(head.length)) ?? [];
    if (value === undefined || !Number.isFinite(Number(value))) return [];
    const entries = [...labels.matchAll(LABEL)].map(([, key, text]) => [key!, unescaped(text!)]);
    return [{ name, labels: Object.fromEntries(entries), value: Number(value) }];
  });
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character) => character === "n" ? "\n" : character);
}
