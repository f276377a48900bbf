import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { parseNotebook } from "../../src/notebook/notebook.ts";
import { type CellRun, runNotebook, type RunNotebookOptions } from "../../src/notebook/run_notebook.ts";
import { makeNotebook } from "./make_notebook.ts";

const FOLDER = Deno.makeTempDirSync({ prefix: "torchgauge-test-" });
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
/** Where the project's import map holds. */
const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));

const run = (cells: Parameters<typeof makeNotebook>[0], options: RunNotebookOptions = {}, folder = FOLDER) =>
  runNotebook(parseNotebook(makeNotebook(cells), "x"), folder, options);
const code = (cells: readonly CellRun[]) => cells.filter((cell) => cell.kind === "code");

Deno.test("runNotebook() keeps what ran, names the cell that failed, and runs none after it", async () => {
  const told: string[] = [];
  const { cells, failure } = await run(
    [{ markdown: "# Title" }, "1 + 1", '\n// why\nthrow new Error("boom")', { markdown: "after" }, "2"],
    { onCell: ({ number, count, firstLine }) => told.push(`${number} of ${count}: ${firstLine}`) },
  );
  assertEquals(cells.map((cell) => cell.kind === "code" ? cell.state : cell.source), [
    "# Title",
    "passed",
    "failed",
    "after",
    "not run",
  ]);
  assertEquals([failure?.cell, failure?.firstLine, failure?.execution.kind], [2, "// why", "failed"]);
  assertEquals(told, ["1 of 3: 1 + 1", "2 of 3: // why"]);
  const [first, second] = code(cells);
  assertEquals(first?.outputs, [{ kind: "display", data: { "text/plain": "2" }, displayId: null }]);
  assertEquals(second?.outputs.length, 1);
  assertEquals(second?.outputs[0]?.kind, "error");
});

Deno.test("runNotebook() says where the syntax of a cell is wrong, which the kernel does not", async () => {
  const { failure } = await run(["let a = 1;\nlet x = ;"]);
  assertEquals(failure?.execution.kind === "failed" && failure.execution.error, {
    name: "SyntaxError",
    message: "Expression expected at line 2, column 9",
    traceback: [],
  });
});

Deno.test("runNotebook() keeps what a cell showed before it ran into its time limit", async () => {
  const { cells, failure } = await run(['console.log("shown"); await new Promise(() => {})', "1"], {
    cellLimitMs: 500,
  });
  assertEquals(failure?.execution, { kind: "time-limit", limitMs: 500 });
  assertEquals(code(cells)[0]?.outputs, [{ kind: "text", stream: "stdout", text: "shown\n" }]);
});

Deno.test("runNotebook() passes no cell once the caller has ended it", async () => {
  const controller = new AbortController();
  const { cells, failure } = await run(["1", "2", "3"], {
    signal: controller.signal,
    onCell: ({ number }) => number === 2 && controller.abort(),
  });
  assertEquals(failure?.execution, { kind: "interrupted" });
  assertEquals(code(cells).map(({ state }) => state), ["passed", "failed", "not run"]);
});

Deno.test("show() shows values as they display themselves, text as text, and the rest as the console would", async () => {
  const { cells, failure } = await run(
    [
      `import { show } from "../mod.ts";`,
      `await show({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>" }) });
     await show({ [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<b>2</b>" }) });
     await show("text");
     await show({ a: [1] });
     await show(undefined);`,
    ],
    {},
    NOTEBOOKS,
  );
  assertEquals(failure, null);
  const shown = code(cells)[1]!.outputs.map((output) => output.kind === "display" ? output.data : output);
  assertEquals(shown, [
    { "text/html": "<b>1</b>" },
    { "text/html": "<b>2</b>" },
    { "text/plain": "text" },
    { "text/plain": "{ a: [ 1 ] }" },
    { "text/plain": "undefined" },
  ]);
});

Deno.test("liveProgress() shows bars that grow and leaves nothing, or after a failure one line", async () => {
  const { cells, failure } = await run(
    [
      `import { liveProgress } from "../mod.ts";
     const states: unknown[] = [];
     const broadcast = Deno.jupyter.broadcast;
     Deno.jupyter.broadcast = (type, content, ...rest) => {
       states.push([type, content.data["text/plain"].replace(/\\d+\\.\\d s/, "N s")]);
       if (/NaN/.test(content.data["text/html"])) states.push("a bar without a length");
       return broadcast(type, content, ...rest);
     };
     const pause = () => new Promise((resolve) => setTimeout(resolve, 60));
     const value = await liveProgress(async (onProgress) => {
       const at = (fraction: number, label: string, value: number) =>
         onProgress({ test: "throughput", stage: label, fraction, figure: { label, value, unit: "predictions/s" } });
       at(0.25, "batch 16", 0);
       await pause();
       at(0.5, "batch 2", 1234.5);
       await pause();
       at(0.75, "batch 16", 90);
       await pause();
       return 42;
     });
     Deno.jupyter.broadcast = broadcast;
     console.log(JSON.stringify({ value, states }));`,
      `await liveProgress(() => Promise.reject(new Error("lost"))).catch(() => console.log("threw"));`,
    ],
    {},
    NOTEBOOKS,
  );
  assertEquals(failure, null);
  const [first, second] = code(cells);
  const printed = first!.outputs.find((output) => output.kind === "text")!;
  assertEquals(JSON.parse(printed.text), {
    value: 42,
    states: [
      ["display_data", " 0 % after N s: starting"],
      ["update_display_data", "throughput 25 % after N s: batch 16\n  batch 16: 0 predictions/s"],
      [
        "update_display_data",
        "throughput 50 % after N s: batch 2\n  batch 2: 1,230 predictions/s\n  batch 16: 0 predictions/s",
      ],
      [
        "update_display_data",
        "throughput 75 % after N s: batch 16\n  batch 2: 1,230 predictions/s\n  batch 16: 90 predictions/s",
      ],
      ["update_display_data", ""],
    ],
  });
  const [live, text] = second!.outputs;
  assertMatch(live?.kind === "display" ? String(live.data["text/plain"]) : "", /^failed after/);
  assertEquals(text, { kind: "text", stream: "stdout", text: "threw\n" });
});
