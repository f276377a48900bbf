import { assertEquals } from "@std/assert";
import { fullFolders, strayTestFolders } from "../../../tasks/house/rooms.ts";

const filesIn = (folder: string, count: number) => Array.from({ length: count }, (_, index) => `${folder}/${index}.ts`);

Deno.test("fullFolders() objects to the 21st file of a folder, whatever stands in its subfolders", () => {
  for (const folder of ["src/core", "src/plot/kit", "tests/core", "tasks"]) {
    assertEquals(fullFolders([...filesIn(folder, 20), ...filesIn(`${folder}/deep`, 20)]), [], folder);
    assertEquals(fullFolders(filesIn(folder, 21)), [{
      path: `${folder}/0.ts`,
      line: 1,
      message: `a folder may hold 20 files beside its subfolders: found 21 in ${folder}`,
    }], folder);
  }
});

Deno.test("fullFolders() lets folders of data and those outside of the code hold any number", () => {
  for (const folder of ["tests/plot/snapshots", "tests/live/recorded/triton", "notebooks"]) {
    assertEquals(fullFolders(filesIn(folder, 21)), [], folder);
  }
});

Deno.test("strayTestFolders() objects to a folder of tests when no folder of the code is named so", () => {
  const code = ["src/core/a.ts", "src/plot/kit/b.ts", "tasks/agreement/c.ts", "compat/std-cli/d.ts"];
  const mirrors = ["tests/core/a_test.ts", "tests/plot/b_test.ts", "tests/plot/kit/b_test.ts", "tests/tasks/e_test.ts"];
  assertEquals(strayTestFolders([...code, ...mirrors, "tests/tasks/agreement/c_test.ts", "tests/f_test.ts"]), []);
  assertEquals(strayTestFolders([...code, "tests/plot/panels/b_test.ts", "tests/tasks/house/c_test.ts"]), [
    {
      path: "tests/plot/panels/b_test.ts",
      line: 1,
      message: "a folder of tests mirrors a folder of the code: found tests/plot/panels without src/plot/panels",
    },
    {
      path: "tests/tasks/house/c_test.ts",
      line: 1,
      message: "a folder of tests mirrors a folder of the code: found tests/tasks/house without tasks/house",
    },
  ]);
});

Deno.test("strayTestFolders() lets tests of the whole and folders of data stand by themselves", () => {
  const paths = ["tests/live/servers/a.ts", "tests/browser/b_test.ts", "tests/report/golden/c.txt"];
  assertEquals(strayTestFolders(paths), []);
});
