/**
 * Type-checks the notebooks: the kernel does not. The cells of each are joined into one module outside of the project's
 * folder, and checked with the project's settings. Run it with `deno task dev:notebooks:check`.
 *
 * @module
 */
import { parseNotebook } from "../src/notebook/notebook.ts";

/**
 * The code of a notebook as one module.
 *
 * @param json Its file.
 * @param name What messages call it.
 * @returns The code; a comment before each cell names it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const json = '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "1 + 1"}]}';
 * assertEquals(moduleOf(json, "sum"), "// sum, code cell 1\n1 + 1\n;export {};\n");
 * ```
 */
export function moduleOf(json: string, name: string): string {
  const code = parseNotebook(json, name).cells.filter(({ kind }) => kind === "code");
  const cells = code.map(({ source }, index) => `// ${name}, code cell ${index + 1}\n${source}\n`);
  return `${cells.join("")};export {};\n`;
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url);
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-notebooks-" });
  try {
    await Deno.mkdir(`${folder}/notebooks`);
    const names = (await Array.fromAsync(Deno.readDir(new URL("notebooks/", root)))).map(({ name }) => name)
      .filter((name) => name.endsWith(".ipynb")).sort();
    const paths = await Promise.all(names.map(async (name) => {
      const path = `${folder}/notebooks/${name.replace(/\.ipynb$/, ".ts")}`;
      const json = await Deno.readTextFile(new URL(`notebooks/${name}`, root));
      await Deno.writeTextFile(path, moduleOf(json, `notebooks/${name}`));
      return path;
    }));
    const config = new URL("deno.json", root).pathname;
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--config", config, ...paths],
    }).spawn().status;
    // deno-lint-ignore no-console -- this is a command
    if (code === 0) console.log(`${paths.length} files, their types hold`);
    Deno.exitCode = code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
