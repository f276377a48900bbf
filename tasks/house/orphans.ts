import { type ImportEdge, resolveImport } from "./import_graph.ts";
import type { SourceFile, Violation } from "./violation.ts";

// new URL("./worker.ts", import.meta.url)
const STARTED = /new URL\(\s*"(?<specifier>\.{1,2}\/[^"]+\.ts)",\s*import\.meta\.url/g;

/**
 * Files of `src/` that nothing imports, starts or runs: what was moved and left behind.
 *
 * @param files Modules of the project.
 * @param imports Who imports whom among them.
 * @param tasks Text that names what is run, as `deno.json` does.
 * @returns One violation for each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const files = [{ path: "src/cli/main.ts", source: "" }, { path: "src/core/old.ts", source: "" }];
 * assertEquals(orphansAmong(files, [], "deno run src/cli/main.ts"), [
 *   { path: "src/core/old.ts", line: 1, message: "a file of src/ is imported, started or run by something" },
 * ]);
 * ```
 */
export function orphansAmong(
  files: readonly SourceFile[],
  imports: readonly ImportEdge[],
  tasks: string,
): readonly Violation[] {
  const used = new Set(imports.map(({ to }) => to));
  for (const { path, source } of files) {
    for (const { groups } of source.matchAll(STARTED)) used.add(resolveImport(path, groups!.specifier!));
  }
  return files
    .filter(({ path }) => path.startsWith("src/") && !used.has(path) && !tasks.includes(path))
    .map(({ path }) => ({ path, line: 1, message: "a file of src/ is imported, started or run by something" }));
}
