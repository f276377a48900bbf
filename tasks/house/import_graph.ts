import { importsOf } from "./imports_of.ts";
import type { SourceFile } from "./violation.ts";

/** One import of one file of the project by another. */
export interface ImportEdge {
  /** Path of the importing file. */
  readonly from: string;
  /** Path of the imported file. */
  readonly to: string;
  /** Line of the import, counted from 1. */
  readonly line: number;
}

/**
 * Who imports whom among files. Imports of types count: a reader follows them as well.
 *
 * @param files Modules of the project.
 * @returns Imports in the order of the files and of their text; packages are left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(importGraph([{ path: "src/core/a.ts", source: 'import "./b.ts";\nimport "undici";' }]), [
 *   { from: "src/core/a.ts", to: "src/core/b.ts", line: 1 },
 * ]);
 * ```
 */
export function importGraph(files: readonly SourceFile[]): readonly ImportEdge[] {
  return files.flatMap(({ path, source }) =>
    importsOf(source)
      .filter(({ specifier }) => /^\.{1,2}\//.test(specifier))
      .map(({ specifier, line }) => ({ from: path, to: resolveImport(path, specifier), line }))
  );
}

/**
 * The path to which a relative specifier leads.
 *
 * @param path The importing file, from the root of the project.
 * @param specifier Begins with `./` or `../`.
 * @returns The path from the root of the project.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(resolveImport("src/core/a.ts", "../stats/b.ts"), "src/stats/b.ts");
 * ```
 */
export function resolveImport(path: string, specifier: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
}
