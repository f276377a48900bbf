import { assertEquals } from "@std/assert";
import type { CellOutput } from "../../src/notebook/cell_outputs.ts";
import { executedNotebook } from "../../src/notebook/executed_notebook.ts";
import type { CellRun, NotebookRun } from "../../src/notebook/run_notebook.ts";

const SOURCE = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "deno" } },
  cells: [
    { cell_type: "markdown", id: "a", metadata: { slideshow: { slide_type: "slide" } }, source: ["# 1"] },
    { cell_type: "raw", id: "b", metadata: {}, source: "raw" },
    { cell_type: "code", id: "c", metadata: { tags: ["x"] }, source: ["1"], outputs: [], execution_count: null },
    { cell_type: "code", id: "d", metadata: {}, source: ["2"], outputs: [], execution_count: null },
    { cell_type: "code", id: "e", metadata: {}, source: ["3"], outputs: ["old"], execution_count: 9 },
  ],
});

const code = (
  number: number,
  state: "passed" | "failed" | "not run",
  outputs: readonly CellOutput[] = [],
): CellRun => ({
  kind: "code",
  number,
  state,
  source: String(number),
  durationMs: 1,
  outputs,
});

const RUN: NotebookRun = {
  startedAt: "2026-01-02T03:04:05.678Z",
  durationMs: 1,
  failure: { cell: 2, firstLine: "2", execution: { kind: "time-limit", limitMs: 1000 } },
  cells: [
    { kind: "markdown", source: "# 1" },
    code(1, "passed", [
      { kind: "display", data: { "text/plain": "" }, displayId: "progress" },
      { kind: "text", stream: "stderr", text: "a\nb" },
      { kind: "display", data: { "text/html": "<b>", "image/png": "AA==" }, displayId: null },
    ]),
    code(2, "failed", [{ kind: "text", stream: "stdout", text: "kept" }]),
    code(3, "not run"),
  ],
};

Deno.test("executedNotebook() puts into each code cell what it showed and why it ended, and keeps the rest", () => {
  const { cells, ...rest } = JSON.parse(executedNotebook(SOURCE, RUN));
  const before = JSON.parse(SOURCE);
  assertEquals(rest, { nbformat: 4, nbformat_minor: 5, metadata: before.metadata });
  assertEquals(cells.slice(0, 2), before.cells.slice(0, 2));
  assertEquals(cells[2], {
    ...before.cells[2],
    execution_count: 1,
    outputs: [
      { output_type: "stream", name: "stderr", text: "a\nb" },
      { output_type: "display_data", data: { "text/html": "<b>", "image/png": "AA==" }, metadata: {} },
    ],
  });
  assertEquals(cells[3].outputs, [
    { output_type: "stream", name: "stdout", text: "kept" },
    {
      output_type: "error",
      ename: "time-limit",
      evalue: 'Code cell 2 ("2") did not end within 1 s, the limit of a cell.',
      traceback: [],
    },
  ]);
  assertEquals([cells[4].outputs, cells[4].execution_count], [[], null]);
});

Deno.test("executedNotebook() without code folds the cells and keeps their other tags", () => {
  const { cells } = JSON.parse(executedNotebook(SOURCE, RUN, { code: false }));
  assertEquals(cells[2].metadata, { jupyter: { source_hidden: true }, tags: ["x", "hide-input"] });
  assertEquals(cells[0].metadata, { slideshow: { slide_type: "slide" } });
});
