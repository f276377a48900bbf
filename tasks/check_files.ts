/**
 * Fails where a notebook is kept with its outputs, and warns of files and functions that want to be two. Run it with
 * `deno task dev:files`.
 *
 * @module
 */

/** A file longer than this wants to be two. */
const FILE_LINES = 300;
/** A function longer than this wants to be two. */
const FUNCTION_LINES = 50;

/** What was found about a file. An error fails the gate, a warning is told. */
export interface Remark {
  readonly kind: "error" | "warning";
  /** Path from the root of the project. */
  readonly path: string;
  /** Line, counted from 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * Remarks about a module or a notebook.
 *
 * @param path Path from the root of the project.
 * @param source Its text.
 * @returns Remarks in the order of the text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const notebook = { cells: [{ cell_type: "code", execution_count: 1, outputs: [] }] };
 * assertEquals(remarksOn("notebooks/a.ipynb", JSON.stringify(notebook)), [{
 *   kind: "error",
 *   path: "notebooks/a.ipynb",
 *   line: 1,
 *   message: "notebooks are kept without outputs and execution counts: cell 1 has some",
 * }]);
 * ```
 */
export function remarksOn(path: string, source: string): readonly Remark[] {
  return path.endsWith(".ipynb") ? outputsOf(path, source) : lengthsOf(path, source.split("\n"));
}

function outputsOf(path: string, json: string): readonly Remark[] {
  const { cells } = JSON.parse(json) as { cells: readonly { outputs?: unknown[]; execution_count?: number | null }[] };
  return cells.flatMap(({ outputs = [], execution_count = null }, index) => {
    if (outputs.length === 0 && execution_count === null) return [];
    const message = `notebooks are kept without outputs and execution counts: cell ${index + 1} has some`;
    return [{ kind: "error", path, line: 1, message } as const];
  });
}

/** Relies on the formatter: what a line opens at its end is closed by the next line with the same indent. */
function lengthsOf(path: string, lines: readonly string[]): readonly Remark[] {
  const remark = (line: number, message: string): Remark => ({ kind: "warning", path, line, message });
  const remarks = lines.flatMap((text, index) => {
    const indent = /^(\s*)(?:.*\bfunction\b.*|(?!.*\b(?:if|for|while|switch|catch)\b).*\)(?::.*)?(?: =>)?) \{$/.exec(
      text,
    )?.[1];
    if (indent === undefined || path.startsWith("tests/")) return [];
    const end = lines.findIndex((line, at) => at > index && line.startsWith(`${indent}}`));
    const length = end - index + 1;
    if (length <= FUNCTION_LINES) return [];
    return [remark(index + 1, `a function past ${FUNCTION_LINES} lines wants to be two: found ${length}`)];
  });
  const length = lines.length - 1;
  if (length <= FILE_LINES) return remarks;
  return [remark(FILE_LINES + 1, `a file past ${FILE_LINES} lines wants to be two: found ${length}`), ...remarks];
}

const FOLDERS = ["src", "tasks", "compat", "tests", "notebooks"];

async function* filesOf(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* filesOf(path);
    else if (/\.(?:ts|ipynb)$/.test(path)) yield path;
  }
}

if (import.meta.main) {
  const paths = (await Array.fromAsync(FOLDERS, (folder) => Array.fromAsync(filesOf(folder)))).flat().sort();
  const remarks = (await Promise.all(paths.map(async (path) => remarksOn(path, await Deno.readTextFile(path))))).flat();
  const errors = remarks.filter(({ kind }) => kind === "error").length;
  const lines = remarks.map(({ kind, path, line, message }) => `${path}:${line}: ${kind}: ${message}`);
  // deno-lint-ignore no-console -- this is a command
  console.log([...lines, `${paths.length} files, ${errors} errors, ${remarks.length - errors} warnings`].join("\n"));
  if (errors > 0) Deno.exit(1);
}
