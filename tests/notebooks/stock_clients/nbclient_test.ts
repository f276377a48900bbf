import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { makeNotebook } from "../make_notebook.ts";
import { makeKernelspec, VENV } from "./environment.ts";

const NOTEBOOKS = fileURLToPath(new URL("../../../notebooks/", import.meta.url));
const EXECUTE = fileURLToPath(new URL("execute.py", import.meta.url));
const CHARTS = 100;

interface ExecutedCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly { readonly output_type: string; readonly data?: Readonly<Record<string, unknown>> }[];
}

/** Executes a notebook in the folder of the notebooks; its cells with what nbclient kept. */
async function execute(json: string, environment: Record<string, string> = {}): Promise<readonly ExecutedCell[]> {
  const folder = await makeKernelspec();
  const [source, target] = [`${folder}/in.ipynb`, `${folder}/out.ipynb`];
  await Deno.writeTextFile(source, json);
  const { success, stderr } = await new Deno.Command(`${VENV}/bin/python`, {
    args: [EXECUTE, source, target, NOTEBOOKS],
    env: { NO_COLOR: "1", JUPYTER_PATH: folder, ...environment },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { cells } = JSON.parse(await Deno.readTextFile(target)) as { cells: ExecutedCell[] };
  await Deno.remove(folder, { recursive: true });
  return cells;
}

/** HTML, or else text, of what a cell shows. */
const shown = ({ outputs = [] }: ExecutedCell) =>
  outputs.map(({ data = {} }) => [data["text/html"] ?? data["text/plain"] ?? ""].flat().join(""));

Deno.test({
  name: `nbclient loses none of ${CHARTS} charts that show() shows`,
  ignore: VENV === undefined,
  async fn() {
    const draw = `
      import * as Plot from "@observablehq/plot";
      import { Chart, show } from "../mod.ts";
      const content = () => ({ marks: [Plot.dot([[1, 2], [2, 1]])] });
      const chart = (title) => new Chart({
        title, subtitle: "", legend: [], notes: [],
        rows: [[{ heading: "Panel", yLabel: "ms", height: 200, content }]],
      });`;
    const cells = Array.from({ length: CHARTS }, (_, k) => `await show(chart("Chart ${k} of many"));`);
    const executed = await execute(makeNotebook([draw, ...cells]));
    const lost = executed.slice(1).flatMap((cell, k) => {
      const html = shown(cell).join("");
      return html.includes("<img") && html.includes(`Chart ${k} of many`) ? [] : [k];
    });
    assertEquals(lost, []);
  },
});

Deno.test({
  name: "nbclient executes every notebook without an error and keeps every chart",
  ignore: VENV === undefined,
  async fn(t) {
    const names = [...Deno.readDirSync(NOTEBOOKS)].map(({ name }) => name).filter((name) => name.endsWith(".ipynb"));
    for (const name of names.sort()) {
      await t.step(name, async () => {
        const models: Record<string, string> = name.includes("comparing") ? { MODEL: "mobilenet,bert" } : {};
        const cells = await execute(await Deno.readTextFile(NOTEBOOKS + name), { QUICK: "1", ...models });
        for (const cell of cells.filter(({ cell_type }) => cell_type === "code")) {
          const source = [cell.source].flat().join("");
          const showing = source.split("show(").length - 1;
          const charts = source.split("show(plot").length - 1;
          const outputs = shown(cell);
          const unwanted = cell.outputs?.filter(({ output_type: type }) =>
            type === "error" || type === "execute_result"
          );
          assertEquals(unwanted, [], source);
          assertEquals(outputs.filter((html) => html.includes("<img")).length, charts, source);
          assertEquals(outputs.length >= Math.min(showing, 1), true, source);
          assertEquals(outputs.filter((text) => /<progress|test stopped/.test(text)), [], source);
        }
      });
    }
  },
});
