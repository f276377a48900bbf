import { alignColumns } from "../../src/report/text/align.ts";
import { type Bar, verdictOf } from "./bar.ts";
import { FIRST_TRANSPORT } from "./clients/transport_clients.ts";
import type { BenchResults } from "./results.ts";
import { type Figures, median, type Row } from "./row.ts";

const HEAD = ["", "requests/s", "GB/s", "CPU/request", "median", "p99", "memory"];
const CLIENT_CELLS = 24;

/**
 * All figures, medians of the rounds, at 80 columns; then the bars and what is missing.
 *
 * @param results A run.
 */
export function textTable(results: BenchResults): string[] {
  const { date, machine, pairs, seconds, rows, bars, lacks } = results;
  const cells = rows.map((row) => [row.client.padEnd(CLIENT_CELLS), ...figureCells(row)]);
  const lines = alignColumns([HEAD, ...cells], ["left", ...HEAD.slice(1).map(() => "right" as const)]);
  const grouped = rows.flatMap(({ group }, i) => [
    ...group === rows[i - 1]?.group ? [] : ["", group],
    `  ${lines[i + 1]}`,
  ]);
  return [
    `${date.slice(0, 10)}, ${machine}`,
    `medians of ${pairs} rounds of ${seconds} s, in turn; server and client on a core each`,
    "",
    `  ${lines[0]}`,
    ...grouped,
    "",
    ...bars.map(barLine),
    ...lacks.length === 0 ? [] : ["", "Not measured:", ...lacks.map((reason) => `  ${reason}`)],
  ];
}

/**
 * One bar and whether it is held.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { atMost } from "./bar.ts";
 * import { barLine } from "./table.ts";
 * assertEquals(barLine(atMost("CPU of a / b", 1.234, 1.3)), "PASS   1.23 <= 1.3   CPU of a / b");
 * ```
 */
export function barLine(bar: Bar): string {
  const { name, value, limit, side } = bar;
  const verdict = verdictOf(bar);
  const shown = verdict === "not measured" ? "?" : String(Number(value!.toPrecision(3)));
  const wanted = `${side === "at most" ? "<=" : ">="} ${limit}`;
  return `${verdict === "not measured" ? "?" : verdict} `.padEnd(5) +
    `${shown.padStart(6)} ${wanted.padEnd(8)} ${name}`;
}

function figureCells({ rounds }: Row): string[] {
  const of = (figure: keyof Figures, show: (value: number) => string) => {
    const values = rounds[figure];
    return values === undefined || values.length === 0 ? "" : show(median(values));
  };
  return [
    of("requestsPerSecond", wholeOrSmall),
    of("gigabytesPerSecond", (value) => value.toFixed(2)),
    of("cpuUs", duration) || of("cpuShare", (share) => `${Math.round(100 * share)} %`),
    of("p50Ms", (ms) => duration(1000 * ms)),
    of("p99Ms", (ms) => duration(1000 * ms)),
    of("rssMb", (mb) => `${Math.round(mb)} MB`),
  ];
}

function wholeOrSmall(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(1);
}

function duration(us: number): string {
  const [value, unit] = us < 1000 ? [us, "us"] : [us / 1000, "ms"];
  return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ${unit}`;
}

const COLUMNS: readonly { readonly title: string; readonly clients: readonly string[] }[] = [
  { title: "torchgauge, every answer judged", clients: ["end to end"] },
  { title: "its transport alone", clients: [FIRST_TRANSPORT] },
  { title: "bare socket loop", clients: ["bare loop", "bare loop, by items"] },
  ...["wrk", "ab", "autocannon", "hey"].map((name) => ({ title: name, clients: [name] })),
];

/**
 * CPU time a request and rate of every client that is held against another one, as a table in Markdown, with where and
 * when it was measured.
 *
 * @param results A run.
 */
export function markdownTable({ date, machine, pairs, seconds, rows, bars }: BenchResults): string {
  const groups = [...Map.groupBy(rows, ({ group }) => group)].filter(([group, { length }]) =>
    length > 2 && group.includes("B") && !group.includes("Python")
  );
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const held = bars.filter((bar) => verdictOf(bar) === "PASS").length;
  return [
    line(["CPU time a request, rate", ...COLUMNS.map(({ title }) => title)]),
    line(["---", ...COLUMNS.map(() => "--:")]),
    ...groups.map(([group, members]) =>
      line([
        group,
        ...COLUMNS.map(({ clients }) => {
          const row = members.find(({ client }) => clients.includes(client));
          if (row === undefined) return "";
          const [rate, bytes, cpu] = figureCells(row);
          return `${cpu}, ${bytes === "" ? `${rate}/s` : `${bytes} GB/s`}`;
        }),
      ])
    ),
    "",
    `Measured ${date.slice(0, 10)} on ${machine}, server and client on a core each: medians of ${pairs} rounds of ` +
    `${seconds} s, the clients in turn; ${held} of ${bars.length} bars held.`,
  ].join("\n");
}
