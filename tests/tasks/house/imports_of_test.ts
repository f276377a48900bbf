import { assertEquals } from "@std/assert";
import { importsOf, withoutComments } from "../../../tasks/house/imports_of.ts";

const specifiers = (source: string) => importsOf(source).map(({ specifier }) => specifier);

Deno.test("importsOf() finds every form of an import when the text has them", () => {
  const forms: Record<string, readonly string[]> = {
    'import { a, type B } from "./a.ts";': ["./a.ts"],
    'import type { B } from "./a.ts";': ["./a.ts"],
    'import a, * as b from "./a.ts";': ["./a.ts"],
    'import "./a.ts";': ["./a.ts"],
    "import './a.ts'": ["./a.ts"],
    'export * from "./a.ts";\nexport * as b from "./b.ts";\nexport type { C } from "./c.ts";': [
      "./a.ts",
      "./b.ts",
      "./c.ts",
    ],
    'const { a } = await import("./a.ts");': ["./a.ts"],
    'type A = import("./a.ts").A;': ["./a.ts"],
    'import json from "./a.json" with { type: "json" };': ["./a.json"],
  };
  for (const [source, expected] of Object.entries(forms)) assertEquals(specifiers(source), expected, source);
});

Deno.test("importsOf() finds nothing when the text only looks like an import", () => {
  const lookalikes = [
    '// import "./a.ts";',
    '/* import "./a.ts"; */',
    '/**\n * ```ts\n * import { a } from "./a.ts";\n * ```\n */\nexport function f(): void {}',
    "const text = 'import \"./a.ts\"';",
    'const text = `\nimport { a } from "./a.ts";\n`;',
    'const url = import.meta.resolve("./a.ts");',
    'export const from = "./a.ts";',
    'export function f(from: "a") { return from; }',
    'important("./a.ts");',
    'loader.import("./a.ts");',
  ];
  for (const source of lookalikes) assertEquals(specifiers(source), [], source);
});

Deno.test("importsOf() gives the line of the specifier when the import has several lines", () => {
  const source = '// "quoted\nconst slash = /["\'`]\\/\\*/;\nimport {\n  a,\n} from "./a.ts";\n';
  assertEquals(importsOf(source), [{ specifier: "./a.ts", line: 5 }]);
});

Deno.test("withoutComments() keeps strings, lines and length when it blanks comments", () => {
  const source = 'const url = "http://a"; // "b"\n/* c\n*/ d';
  assertEquals(withoutComments(source), 'const url = "http://a";       \n    \n   d');
});
