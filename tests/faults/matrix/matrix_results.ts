import { cpus, release } from "node:os";
import type { Mode } from "../mode.ts";
import { MODES } from "../modes.ts";
import { ALL_TEST_TYPES, type TestType } from "../test_types.ts";
import { judgeCell } from "./judge_cell.ts";
import { type Cell, runCell } from "./run_cell.ts";
import { fromFileUrl } from "../../cli/paths.ts";

/** Where the figures of the last whole run are kept; git ignores the folder. */
export const RESULTS: string = fromFileUrl(import.meta.resolve("../../../reports/faults/results.json"));

/** One cell that was tried. */
export interface JudgedCell {
  readonly mode: string;
  readonly testType: TestType;
  readonly dialect: string;
  readonly seconds: number;
  readonly peakMb: number | null;
  /** What was wrong; none where all was right. */
  readonly flaws: readonly string[];
  /** The command's arguments. */
  readonly args: readonly string[];
}

/** A run of the matrix. */
export interface MatrixResults {
  /** When it began, ISO 8601. */
  readonly date: string;
  /** On what, for people. */
  readonly machine: string;
  readonly cells: readonly JudgedCell[];
}

/** Options of {@linkcode runMatrix}. */
export interface RunMatrixOptions {
  /** How many cells run at a time. */
  readonly jobs: number;
  /** A run that broke off, or had wrong cells: what was right is kept. */
  readonly kept?: MatrixResults | null;
  /** Is told of each cell that was tried, how many are done, and of all of them. */
  readonly onCell?: (cell: JudgedCell, done: number, soFar: MatrixResults) => void;
}

/**
 * Runs cells, so many at a time.
 *
 * @param cells What is tried.
 * @param options How many at a time, and who is told of each.
 */
export async function runMatrix(cells: readonly Cell[], options: RunMatrixOptions): Promise<MatrixResults> {
  const { jobs, kept = null, onCell } = options;
  const right = new Map(kept?.cells.filter(({ flaws }) => flaws.length === 0).map((cell) => [keyOf(cell), cell]));
  const judged = cells.map(({ mode: { name: mode }, testType, dialect }) =>
    right.get(keyOf({ mode, testType, dialect }))
  );
  const waiting = [...cells.entries()].filter(([index]) => judged[index] === undefined);
  const soFar = () => ({
    date: kept?.date ?? date,
    machine: machineName(),
    cells: judged.filter((cell) => cell !== undefined),
  });
  const date = new Date().toISOString();
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, cell] = next;
      const tried = judged[index] = await tryCell(cell);
      const results = soFar();
      onCell?.(tried, results.cells.length, results);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, work));
  return soFar();
}

const keyOf = ({ mode, testType, dialect }: Pick<JudgedCell, "mode" | "testType" | "dialect">) =>
  `${mode} x ${testType}, ${dialect}`;

async function tryCell(cell: Cell): Promise<JudgedCell> {
  const { mode: { name: mode }, testType, dialect } = cell;
  try {
    const run = await runCell(cell);
    const { seconds, peakMb, args } = run;
    return { mode, testType, dialect, seconds, peakMb, flaws: judgeCell(cell, run), args };
  } catch (error) {
    // What the matrix itself cannot do, or results that are no JSON, must not end the other cells.
    return { mode, testType, dialect, seconds: NaN, peakMb: null, flaws: [`can be tried: ${error}`], args: [] };
  }
}

function machineName(): string {
  const { model = "unknown processor" } = cpus()[0] ?? {};
  return `${model}, ${navigator.hardwareConcurrency} cores, Linux ${release()}, Deno ${Deno.version.deno}`;
}

/** Right cells and all cells. */
interface Total {
  readonly right: number;
  readonly all: number;
}

/**
 * The totals as rows of cells: kinds of modes by test types.
 *
 * @param results A run.
 * @returns The head first; the last row is of all kinds.
 */
export function totals({ cells }: MatrixResults): readonly (readonly string[])[] {
  const kinds = Object.entries<readonly Mode[]>(MODES);
  const row = (label: string, modes: ReadonlySet<string>) => {
    const of = cells.filter(({ mode }) => modes.has(mode));
    const tried = new Set(of.map(({ mode }) => mode)).size;
    const byType = ALL_TEST_TYPES.map((type) => totalOf(of.filter(({ testType }) => testType === type)));
    return [label, String(tried), ...[...byType, totalOf(of)].map(inWords)];
  };
  return [
    ["", "modes", ...ALL_TEST_TYPES, "all"],
    ...kinds.map(([kind, modes]) => row(kind, new Set(modes.map(({ name }) => name)))),
    row("all", new Set(cells.map(({ mode }) => mode))),
  ];
}

function totalOf(cells: readonly JudgedCell[]): Total {
  return { right: cells.filter(({ flaws }) => flaws.length === 0).length, all: cells.length };
}

function inWords({ right, all }: Total): string {
  if (all === 0) return "";
  return right === all ? String(all) : `${right} of ${all}`;
}

/**
 * The totals as a Markdown table, and what they are of.
 *
 * @param results A run.
 */
export function totalsMarkdown(results: MatrixResults): string {
  const [head, ...rows] = totals(results);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const { right, all } = totalOf(results.cells);
  return [
    `${right} of ${all} right on ${results.date.slice(0, 10)}: ${results.machine}.`,
    "",
    line(head!),
    line(head!.map((_, column) => column === 0 ? "---" : "--:")),
    ...rows.map(line),
  ].join("\n");
}

/**
 * Keeps a run in place of the one before.
 *
 * @param results The run.
 */
export async function saveMatrix(results: MatrixResults, path = RESULTS): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/") + 1) || ".", { recursive: true });
  await Deno.writeTextFile(path, `${JSON.stringify(results, null, 2)}\n`);
}

/**
 * A run that was kept.
 *
 * @param path Where; the last whole run is the default.
 * @throws {Deno.errors.NotFound} If there is none.
 */
export async function readMatrix(path = RESULTS): Promise<MatrixResults> {
  return JSON.parse(await Deno.readTextFile(path)) as MatrixResults;
}
