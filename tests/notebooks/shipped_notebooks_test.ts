import config from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parseNotebook } from "../../src/notebook/notebook.ts";
import { moduleOf } from "../../tasks/check_notebooks.ts";
import { makeNotebook } from "./make_notebook.ts";

const FOLDER = new URL("../../notebooks/", import.meta.url);
const NAMES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".ipynb")).sort();

const read = (name: string) => Deno.readTextFileSync(new URL(name, FOLDER));

Deno.test("there is a notebook for each question", () => {
  assertEquals(NAMES.map((name) => name.replace(/^\d+_(.*)\.ipynb$/, "$1")), [
    "quick_start",
    "cold_start",
    "batch_size",
    "concurrency",
    "memory",
    "comprehensive",
    "comparing_models",
    "streaming",
  ]);
});

for (const name of NAMES) {
  Deno.test(`${name} asks before every cell, says after it how to read the answer, and stays small`, () => {
    const { cells } = parseNotebook(read(name), name);
    const code = cells.filter(({ kind }) => kind === "code");
    assert(code.length < 10, `found ${code.length} code cells`);
    assertMatch(cells[0]!.source, /^# .+\?\n/);
    for (const [index, { kind, source }] of cells.entries()) {
      if (kind !== "code") continue;
      const [before, after] = [cells[index - 1], cells[index + 1]];
      assertEquals([before?.kind, after?.kind], ["markdown", "markdown"], source);
      assert(before!.source.includes("?"), `the text before it asks nothing:\n${source}`);
    }
  });

  Deno.test(`${name} takes its parameters in the first cell, imports torchgauge only, tells what was run, and closes`, () => {
    const code = parseNotebook(read(name), name).cells.filter(({ kind }) => kind === "code");
    const [first, last] = [code[0]!.source, code.at(-1)!.source];
    for (const parameter of ["URL", "MODEL", "PROTOCOL", "SEED", "QUICK"]) {
      assert(first.includes(`Deno.env.get("${parameter}")`));
    }
    const all = code.map(({ source }) => source).join("\n");
    const imports = [...all.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, specifier]) => specifier);
    assertEquals(imports, [`jsr:${config.name}@${config.version.replace(/\.\d+$/, "")}`]);
    assertStringIncludes(last, `deno task notebooks ${name.replace(".ipynb", "")} URL=`);
    assertMatch(last, /await show\(formatText\(.*parts: \["run"\]/);
    assertMatch(last, /await server\?\.close\(\);$/);
    assertEquals(all.includes("console."), false, "what matters is shown by show(), which no client loses");
  });

  Deno.test(`${name} is a talk as well: its text on slides, what cells show below, and parameters left out`, () => {
    const { cells } = JSON.parse(read(name)) as {
      cells: { cell_type: string; metadata: { slideshow?: { slide_type: string } } }[];
    };
    const types = cells.map(({ cell_type, metadata }) => [cell_type, metadata.slideshow?.slide_type]);
    const code = types.filter(([kind]) => kind === "code").map(([, type]) => type);
    assertEquals(new Set(types.filter(([kind]) => kind === "markdown").map(([, type]) => type)), new Set(["slide"]));
    assertEquals([code.slice(0, 2), new Set(code.slice(2))], [["skip", "-"], new Set(["subslide"])]);
  });

  Deno.test(`${name} passes the stop button on to what runs long`, () => {
    for (const [call, signal] of read(name).matchAll(/liveProgress\((?:async )?\(onProgress(, signal)?\)/g)) {
      assertEquals(signal, ", signal", call);
    }
    assertMatch(read(name), /onProgress, signal \}/);
  });

  Deno.test(`${name} leads to notebooks that are there, and names Deno's kernel`, () => {
    for (const [, link] of read(name).matchAll(/\]\(([\w.]+\.ipynb)\)/g)) assert(NAMES.includes(link!), link);
    assertEquals(JSON.parse(read(name)).metadata.kernelspec, {
      display_name: "Deno",
      language: "typescript",
      name: "deno",
    });
  });
}

Deno.test("moduleOf() joins code cells in their order and leaves the text out", () => {
  const json = makeNotebook(["const a = 1;", { markdown: "# no code" }, "a"]);
  assertEquals(moduleOf(json, "x"), "// x, code cell 1\nconst a = 1;\n// x, code cell 2\na\n;export {};\n");
});
