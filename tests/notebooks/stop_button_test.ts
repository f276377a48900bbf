import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { parseNotebook } from "../../src/notebook/notebook.ts";
import { runNotebook } from "../../src/notebook/run_notebook.ts";
import { makeNotebook } from "./make_notebook.ts";

/** Where the project's import map holds. */
const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));

/** What a client does when its stop button is pressed. */
const PRELUDE = `import { liveProgress, show } from "../mod.ts";
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const press = () => Deno.kill(Deno.pid, "SIGINT");
const untilStopped = (signal: AbortSignal) =>
  new Promise<string>((resolve) => signal.addEventListener("abort", () => resolve("what was measured until then")));
const endless = () => new Promise<never>(() => {});`;

Deno.test({
  name: "the stop button ends a cell with what was measured, and the kernel goes on",
  ignore: Deno.build.os === "windows",
  async fn() {
    const cells: readonly [code: string, shown: readonly string[]][] = [
      [PRELUDE, []],
      [
        `setTimeout(press, 50);
         await show(await liveProgress((_, signal) => untilStopped(signal)));`,
        ["0 tests stopped after N s", "what was measured until then"],
      ],
      [`press(); await sleep(50); await show("a late press ends nothing")`, ["a late press ends nothing"]],
      [
        `setTimeout(press, 50); setTimeout(press, 1500);
         await liveProgress((_, signal) => endless(signal)).catch(({ name }) => show(name));`,
        ["0 tests stopped after N s", "AbortError"],
      ],
      [
        `setTimeout(press, 50);
         await liveProgress((onProgress) => endless()).catch(({ name }) => show(name));`,
        ["0 tests stopped after N s", "AbortError"],
      ],
      [`await show(await liveProgress(() => Promise.resolve("whole")));`, ["", "whole"]],
    ];
    const notebook = parseNotebook(makeNotebook(cells.map(([code]) => code)), "x");
    const run = await runNotebook(notebook, NOTEBOOKS);
    assertEquals(run.failure, null);
    for (const [index, [code, shown]] of cells.entries()) {
      const cell = run.cells[index]!;
      const texts = cell.kind === "code"
        ? cell.outputs.map((output) => output.kind === "display" ? String(output.data["text/plain"]) : output.kind)
        : [];
      assertEquals(texts.map((text) => text.replace(/\d+\.\d s/, "N s")), shown, code);
    }
  },
});
