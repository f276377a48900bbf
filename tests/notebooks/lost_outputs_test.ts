import { assertEquals } from "@std/assert";
import type { CellOutput } from "../../src/notebook/cell_outputs.ts";
import { parseNotebook } from "../../src/notebook/notebook.ts";
import { runNotebook } from "../../src/notebook/run_notebook.ts";
import { makeNotebook } from "./make_notebook.ts";

const CELLS = 150;
const RUNS = 10;
/** Several kernels at once keep all cores busy, which is when a kernel publishes latest. */
const AT_ONCE = 5;

/** Ways in which a cell shows something: its last value, prints, displays, a display that it updates. */
const WAYS: readonly ((mark: string) => string)[] = [
  (mark) => `"${mark}"`,
  (mark) => `console.log("${mark}")`,
  (mark) => `console.log("${mark}"); console.error("${mark}"); "${mark}"`,
  (mark) => `await Deno.jupyter.display({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "${mark}" }) })`,
  (mark) => `({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<svg>${"x".repeat(30_000)}</svg>${mark}" }) })`,
  (mark) =>
    `Deno.jupyter.broadcast("display_data", { data: { "text/html": "" }, metadata: {}, transient: { display_id: "${mark}" } });
     Deno.jupyter.broadcast("update_display_data", { data: { "text/html": "${mark}" }, metadata: {}, transient: { display_id: "${mark}" } });
     undefined`,
];
/** How often each way shows the mark. */
const TIMES = [1, 1, 3, 1, 1, 1];

const showsIn = (outputs: readonly CellOutput[], mark: string) =>
  outputs.reduce((sum, output) => {
    const text = output.kind === "text" ? output.text : output.kind === "display" ? JSON.stringify(output.data) : "";
    return sum + text.split(mark).length - 1;
  }, 0);

Deno.test(`runNotebook() loses no output of ${CELLS} cells, ${RUNS} times`, async () => {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  const marks = Array.from({ length: CELLS }, (_, index) => `mark-${index}-end`);
  const notebook = parseNotebook(makeNotebook(marks.map((mark, index) => WAYS[index % WAYS.length]!(mark))), "x");
  const lost: string[] = [];
  const runOnce = async (run: number) => {
    const { cells, failure } = await runNotebook(notebook, folder);
    assertEquals(failure, null);
    for (const [index, cell] of cells.entries()) {
      const found = cell.kind === "code" ? showsIn(cell.outputs, marks[index]!) : 0;
      const wanted = TIMES[index % TIMES.length]!;
      if (found !== wanted) lost.push(`run ${run}, cell ${index + 1}: ${found} of ${wanted}`);
    }
  };
  for (let first = 0; first < RUNS; first += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, k) => runOnce(first + k + 1)));
  }
  await Deno.remove(folder, { recursive: true });
  assertEquals(lost, []);
});
