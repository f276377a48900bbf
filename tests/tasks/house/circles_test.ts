import { assertEquals } from "@std/assert";
import { circlesAmong } from "../../../tasks/house/circles.ts";
import { importGraph } from "../../../tasks/house/import_graph.ts";

/** The circles among files, each given by what it imports. */
function circlesOf(files: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const sources = Object.entries(files).map(([path, imports]) => ({
    path,
    source: imports.map((specifier) => `import "${specifier}";`).join("\n"),
  }));
  return circlesAmong(importGraph(sources)).map(({ path, line, message }) =>
    `${path}:${line} ${message.replace("imports of ", "").replace(" must not run in a circle: found", ":")}`
  );
}

Deno.test("circlesAmong() finds nothing when imports meet again without a way back", () => {
  const diamond = { "src/a.ts": ["./b.ts", "./c.ts"], "src/b.ts": ["./d.ts"], "src/c.ts": ["./d.ts"], "src/d.ts": [] };
  assertEquals(circlesOf(diamond), []);
});

Deno.test("circlesAmong() names a circle once, by its shortest way, when files import each other", () => {
  const files = {
    "src/x/a.ts": ["./b.ts", "./c.ts"],
    "src/x/b.ts": ["./c.ts"],
    "src/x/c.ts": ["./d.ts", "./a.ts"],
    "src/x/d.ts": ["./c.ts"],
  };
  assertEquals(circlesOf(files), [
    "src/x/a.ts:2 files: src/x/a.ts -> src/x/c.ts -> src/x/a.ts, further by src/x/c.ts:2",
    "src/x/b.ts:1 files: src/x/b.ts -> src/x/c.ts -> src/x/a.ts -> src/x/b.ts, further by src/x/c.ts:2, src/x/a.ts:1",
    "src/x/d.ts:1 files: src/x/d.ts -> src/x/c.ts -> src/x/d.ts, further by src/x/c.ts:1",
  ]);
});

Deno.test("circlesAmong() finds a circle of folders beside each other when no files run in one", () => {
  const files = {
    "src/x/one/a.ts": ["../two/a.ts"],
    "src/x/one/b.ts": [],
    "src/x/two/a.ts": [],
    "src/x/two/deep/b.ts": ["../../three/a.ts"],
    "src/x/three/a.ts": ["../one/b.ts"],
  };
  assertEquals(circlesOf(files), [
    "src/x/one/a.ts:1 folders beside each other: src/x/one -> src/x/two -> src/x/three -> src/x/one, " +
    "further by src/x/two/deep/b.ts:1, src/x/three/a.ts:1",
  ]);
});

Deno.test("circlesAmong() lets a file and the folder of its parts import each other's neighbours", () => {
  const files = {
    "src/x/protocol.ts": ["./protocol/part.ts"],
    "src/x/protocol/part.ts": ["../shared.ts"],
    "src/x/shared.ts": [],
  };
  assertEquals(circlesOf(files), []);
});
