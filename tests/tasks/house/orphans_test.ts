import { assertEquals } from "@std/assert";
import { importGraph } from "../../../tasks/house/import_graph.ts";
import { orphansAmong } from "../../../tasks/house/orphans.ts";

Deno.test("orphansAmong() lets what is imported, started as a worker or run by a task be, and nothing else of src/", () => {
  const files = [
    { path: "mod.ts", source: 'export * from "./src/core/a.ts";' },
    { path: "src/core/a.ts", source: 'new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });' },
    { path: "src/core/worker.ts", source: "" },
    { path: "src/cli/main.ts", source: "" },
    { path: "src/core/left.ts", source: "" },
    { path: "tasks/a.ts", source: "" },
  ];
  const orphans = orphansAmong(files, importGraph(files), '"run": "deno run src/cli/main.ts"');
  assertEquals(orphans.map(({ path }) => path), ["src/core/left.ts"]);
});
