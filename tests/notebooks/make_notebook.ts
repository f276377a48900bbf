/** A notebook's file: strings are code cells, `{ markdown }` is text. */
export function makeNotebook(
  cells: readonly (string | { readonly markdown: string })[],
  metadata: object = {},
): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata,
    cells: cells.map((cell, index) =>
      typeof cell === "string"
        ? { cell_type: "code", id: `c${index}`, metadata: {}, source: cell, outputs: [], execution_count: null }
        : { cell_type: "markdown", id: `c${index}`, metadata: {}, source: cell.markdown }
    ),
  });
}
