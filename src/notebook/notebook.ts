import * as v from "valibot";
import { UsageError } from "../core/errors.ts";

/** One cell of a notebook; a union on `kind`. */
export type NotebookCell =
  | { readonly kind: "markdown"; readonly source: string }
  | { readonly kind: "code"; readonly source: string };

/** A notebook as it is run: its cells without their outputs. */
export interface Notebook {
  /** Cells in their order; raw ones, which show nothing, are left out. */
  readonly cells: readonly NotebookCell[];
}

const Cell = v.object({
  cell_type: v.picklist(["markdown", "code", "raw"]),
  source: v.union([v.string(), v.array(v.string())]),
});

const File = v.object({
  nbformat: v.literal(4),
  metadata: v.object({ language_info: v.optional(v.object({ name: v.string() })) }),
  cells: v.array(Cell),
});

const LANGUAGES = ["typescript", "javascript"];

/**
 * Reads a notebook of nbformat 4.
 *
 * @param json Its file.
 * @param name What messages call it.
 * @returns Its cells.
 * @throws {UsageError} If it is no notebook, or one of another language.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const json = '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": ["1 +\\n", "1"]}]}';
 * assertEquals(parseNotebook(json, "sum"), { cells: [{ kind: "code", source: "1 +\n1" }] });
 * ```
 */
export function parseNotebook(json: string, name: string): Notebook {
  const parsed = v.safeParse(File, parseJson(json, name));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const where = v.getDotPath(issue) ?? "the file";
    throw new UsageError(
      `Cannot run the notebook ${name} as it must be of nbformat 4: at ${where} found ${issue.received}`,
    );
  }
  const { cells, metadata } = parsed.output;
  const language = metadata.language_info?.name ?? "typescript";
  if (!LANGUAGES.includes(language)) {
    throw new UsageError(
      `Cannot run the notebook ${name} as its language must be ${LANGUAGES.join(" or ")}: found ${language}`,
    );
  }
  return {
    cells: cells.flatMap(({ cell_type: kind, source }) =>
      kind === "raw" ? [] : [{ kind, source: typeof source === "string" ? source : source.join("") }]
    ),
  };
}

function parseJson(json: string, name: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const { message } = error as SyntaxError;
    throw new UsageError(`Cannot run the notebook ${name} as it must be JSON: ${message}`, { cause: error });
  }
}
