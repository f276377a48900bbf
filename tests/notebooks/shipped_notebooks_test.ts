import { assert, assertEquals, assertMatch } from "@std/assert";
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

  Deno.test(`${name} takes its parameters in the first cell, imports mod.ts only, and closes what it opened`, () => {
    const code = parseNotebook(read(name), name).cells.filter(({ kind }) => kind === "code");
    const [first, last] = [code[0]!.source, code.at(-1)!.source];
    for (const parameter of ["URL", "MODEL", "PROTOCOL", "QUICK"]) {
      assert(first.includes(`Deno.env.get("${parameter}")`));
    }
    const all = code.map(({ source }) => source).join("\n");
    assertEquals([...all.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, specifier]) => specifier), ["../mod.ts"]);
    assertMatch(last, /await server\?\.close\(\);$/);
    assertEquals(all.includes("console."), false, "what matters is shown by show(), which no client loses");
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
