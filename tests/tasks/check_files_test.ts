import { assertEquals } from "@std/assert";
import { remarksOn } from "../../tasks/check_files.ts";

const lines = (count: number) => "  step();\n".repeat(count);
const messages = (path: string, source: string) => remarksOn(path, source).map(({ line, message }) => [line, message]);

Deno.test("remarksOn() warns when a file is past 300 lines", () => {
  assertEquals(messages("src/core/a.ts", "a;\n".repeat(300)), []);
  assertEquals(messages("src/core/a.ts", "a;\n".repeat(301)), [
    [301, "a file past 300 lines wants to be two: found 301"],
  ]);
});

Deno.test("remarksOn() warns when a function or a method is past 50 lines", () => {
  const openings = [
    "export async function* f(a: number): AsyncGenerator<number> {",
    "const f = (a: number): number => {",
  ];
  for (const opening of openings) {
    assertEquals(messages("src/core/a.ts", `a;\n${opening}\n${lines(48)}}\n`), [], opening);
    assertEquals(messages("src/core/a.ts", `a;\n${opening}\n${lines(49)}}\n`), [
      [2, "a function past 50 lines wants to be two: found 51"],
    ], opening);
  }
  const method = `class A {\n  async #run(\n    a: number,\n  ): Promise<void> {\n${lines(49)}  }\n}\n`;
  assertEquals(messages("src/core/a.ts", method), [[4, "a function past 50 lines wants to be two: found 51"]]);
});

Deno.test("remarksOn() lets long data, types and tests be", () => {
  for (const opening of ["export interface A {", "const A = {", "class A {", "  for (const a of f(b)) {"]) {
    assertEquals(messages("src/core/a.ts", `${opening}\n${lines(80)}${/^ */.exec(opening)![0]}}\n`), [], opening);
  }
  assertEquals(messages("tests/core/a_test.ts", `function f() {\n${lines(80)}}\n`), []);
});

Deno.test("remarksOn() fails a notebook when a cell has outputs or an execution count", () => {
  const notebook = (cell: object) => JSON.stringify({ cells: [{ cell_type: "markdown", source: [] }, cell] });
  assertEquals(remarksOn("notebooks/a.ipynb", notebook({ outputs: [], execution_count: null })), []);
  for (const cell of [{ outputs: [{}], execution_count: null }, { outputs: [], execution_count: 3 }]) {
    const [remark] = remarksOn("notebooks/a.ipynb", notebook(cell));
    assertEquals(remark?.kind, "error");
    assertEquals(remark?.message, "notebooks are kept without outputs and execution counts: cell 2 has some");
  }
});
