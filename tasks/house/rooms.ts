import type { Violation } from "./violation.ts";

/** A folder with more files than this wants rooms. */
const FOLDER_FILES = 20;
/** Folders of data and of suites that several tests run, which mirror nothing and may hold as much as there is. */
const DATA = /\/(?:conformance|fixtures|golden|recorded|snapshots)(?:\/|$)/;
/** Tests of the whole instead of one folder of `src/`. */
const WHOLE = ["browser", "calibration", "faults", "fuzz", "live", "notebooks"];
/** Folders whose tests stand in a folder of their own name: `tests/tasks/` tests `tasks/`. */
const BESIDE_SRC = ["compat", "tasks"];

/**
 * Folders that hold too many files, subfolders and the configuration of Deno apart.
 *
 * @param paths Every file of `src/`, `tests/` and `tasks/`, from the root of the project.
 * @returns One violation a folder, at its first file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fullFolders(["src/core/a.ts", "src/core/b.ts"]), []);
 * ```
 */
export function fullFolders(paths: readonly string[]): readonly Violation[] {
  const files = paths.filter((path) => !/\/deno\.(?:json|lock)$/.test(path));
  return [...Map.groupBy(files, folderOf)].flatMap(([folder, files]) => {
    if (files.length <= FOLDER_FILES || !/^(?:src|tests|tasks)(?:\/|$)/.test(folder) || DATA.test(folder)) return [];
    const message = `a folder may hold ${FOLDER_FILES} files beside its subfolders: found ${files.length} in ${folder}`;
    return [{ path: files[0]!, line: 1, message }];
  });
}

/**
 * Folders of tests that mirror no folder of `src/`. What tests the whole (`tests/live/`) and data may stand by itself;
 * `tests/tasks/` and `tests/compat/` mirror `tasks/` and `compat/`.
 *
 * @param paths Every file of the project, from its root.
 * @returns One violation a folder, at its first file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(strayTestFolders(["src/core/a.ts", "tests/core/a_test.ts", "tests/live/b_test.ts"]), []);
 * ```
 */
export function strayTestFolders(paths: readonly string[]): readonly Violation[] {
  const folders = new Set(paths.flatMap((path) => parentsOf(folderOf(path))));
  const tests = Map.groupBy(paths.filter((path) => /^tests\/.*\//.test(path)), folderOf);
  return [...tests].flatMap(([folder, files]) => {
    const [room] = folder.split("/").slice(1);
    if (WHOLE.includes(room!) || DATA.test(folder)) return [];
    const mirrored = folder.replace("tests/", BESIDE_SRC.includes(room!) ? "" : "src/");
    if (folders.has(mirrored)) return [];
    const message = `a folder of tests mirrors a folder of the code: found ${folder} without ${mirrored}`;
    return [{ path: files[0]!, line: 1, message }];
  });
}

function folderOf(path: string): string {
  return path.split("/").slice(0, -1).join("/");
}

/** A folder and all those that it stands in. */
function parentsOf(folder: string): readonly string[] {
  const parts = folder.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
