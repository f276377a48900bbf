import { stripVTControlCharacters } from "node:util";
import type { NotebookFailure } from "./run_notebook.ts";

/**
 * Why a notebook's run ended, in one sentence that names the cell.
 *
 * @param failure What happened.
 * @returns The sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const execution = { kind: "time-limit", limitMs: 90_000 } as const;
 * assertEquals(
 *   failureText({ cell: 3, firstLine: "while (true);", execution }),
 *   'Code cell 3 ("while (true);") did not end within 90 s, the limit of a cell.',
 * );
 * ```
 */
export function failureText({ cell, firstLine, execution }: NotebookFailure): string {
  const where = `Code cell ${cell} ("${firstLine}")`;
  switch (execution.kind) {
    case "failed": {
      const { name, message } = execution.error;
      return stripVTControlCharacters(`${where} failed with ${name}: ${message}`);
    }
    case "time-limit":
      return `${where} did not end within ${execution.limitMs / 1000} s, the limit of a cell.`;
    case "kernel-ended":
      return `${where} ended the kernel with exit code ${execution.code}; nothing after it could run.` +
        `${lastWords(execution.errorText)}`;
    case "interrupted":
      return `${where} was interrupted.`;
  }
}

function lastWords(errorText: string): string {
  const lines = stripVTControlCharacters(errorText).split("\n").filter((line) => !line.startsWith("Warning "));
  return lines.length === 0 ? "" : ` Its last words: ${lines.slice(-5).join("\n")}`;
}
