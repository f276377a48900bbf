import { type CellOutput, OutputLog } from "./cell_outputs.ts";
import { type CellError, type Execution, type Kernel, type KernelOptions, startKernel } from "./kernel.ts";
import type { Notebook } from "./notebook.ts";
import { syntaxError } from "./syntax_error.ts";

/** A cell after its run; a union on `kind`. */
export type CellRun =
  | { readonly kind: "markdown"; readonly source: string }
  | {
    readonly kind: "code";
    readonly source: string;
    /** Its place among the code cells, from 1. */
    readonly number: number;
    /** Whether it ran, and how that ended. */
    readonly state: "passed" | "failed" | "not run";
    /** What it showed, the last state of each. */
    readonly outputs: readonly CellOutput[];
    /** How long it took, ms; 0 where it was not run. */
    readonly durationMs: number;
  };

/** Why a run ended before its end. */
export interface NotebookFailure {
  /** Number of the code cell, from 1. */
  readonly cell: number;
  /** First line of its source. */
  readonly firstLine: string;
  /** What happened. */
  readonly execution: Exclude<Execution, { kind: "passed" }>;
}

/** A notebook after its run. */
export interface NotebookRun {
  /** Cells in their order. */
  readonly cells: readonly CellRun[];
  /** The cell that failed, or `null`. */
  readonly failure: NotebookFailure | null;
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** How long it took, ms. */
  readonly durationMs: number;
}

/** Options of {@linkcode runNotebook}. */
export interface RunNotebookOptions extends KernelOptions {
  /** Longest time that one cell may take, ms. @default {600000} */
  readonly cellLimitMs?: number;
  /** How long nothing may have been published before a cell's outputs are taken for complete, ms. @default {40} */
  readonly quietMs?: number;
  /** Ends the run; what was shown until then is kept. */
  readonly signal?: AbortSignal;
  /** Is told of every code cell before it runs. */
  readonly onCell?: (cell: { readonly number: number; readonly count: number; readonly firstLine: string }) => void;
}

/**
 * Runs the cells of a notebook in a fresh kernel, one after the other, up to the first that fails.
 *
 * @param notebook Its cells.
 * @param folder Folder in which they work; their relative imports start there.
 * @param options Environment and limits.
 * @returns What every cell showed.
 * @throws {Error} If the kernel does not start.
 */
export async function runNotebook(
  notebook: Notebook,
  folder: string,
  options: RunNotebookOptions = {},
): Promise<NotebookRun> {
  const startedAt = new Date().toISOString(), startMs = performance.now();
  await using kernel = await startKernel(folder, options);
  const log = new OutputLog();
  const count = notebook.cells.filter(({ kind }) => kind === "code").length;
  const cells: CellRun[] = [];
  let failure: NotebookFailure | null = null;
  let number = 0;
  for (const { kind, source } of notebook.cells) {
    if (kind === "markdown") {
      cells.push({ kind, source });
      continue;
    }
    number++;
    if (failure !== null) {
      cells.push({ kind, source, number, state: "not run", outputs: [], durationMs: 0 });
      continue;
    }
    const firstLine = firstLineOf(source);
    options.onCell?.({ number, count, firstLine });
    const cellStartMs = performance.now();
    const execution = await runCell(kernel, source, log, options);
    const durationMs = performance.now() - cellStartMs;
    if (execution.kind !== "passed") failure = { cell: number, firstLine, execution };
    cells.push({ kind, source, number, state: failure === null ? "passed" : "failed", outputs: [], durationMs });
  }
  // Only now is every output in its last state: a cell may update what another one shows.
  const shown = cells.map((cell) => cell.kind === "code" ? { ...cell, outputs: log.outputsOf(cell.number - 1) } : cell);
  return { cells: shown, failure, startedAt, durationMs: performance.now() - startMs };
}

async function runCell(
  kernel: Kernel,
  source: string,
  log: OutputLog,
  { cellLimitMs = 600_000, quietMs, signal }: RunNotebookOptions,
): Promise<Execution> {
  log.startCell();
  const execution = await kernel.execute(source, {
    timeLimitMs: cellLimitMs,
    ...(quietMs === undefined ? {} : { quietMs }),
    ...(signal === undefined ? {} : { signal }),
    onMessage: (message) => log.apply(message),
  });
  if (execution.kind !== "failed") return execution;
  const error = await explained(execution.error, source);
  log.add({ kind: "error", error });
  return { kind: "failed", error };
}

/** The kernel says nothing but that it failed of a cell that is no TypeScript. */
async function explained(error: CellError, source: string): Promise<CellError> {
  if (error.traceback.length > 0 || error.message !== "Execution failed") return error;
  const message = await syntaxError(source);
  return message === null ? error : { name: "SyntaxError", message, traceback: [] };
}

function firstLineOf(source: string): string {
  return source.split("\n").find((line) => line.trim() !== "")?.trim() ?? "";
}
