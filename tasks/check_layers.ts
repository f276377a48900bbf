/**
 * Fails where the project breaks a rule of the house that a script can see: an import against the arrows or in a circle,
 * a file that nothing uses, a folder too full, tests that mirror nothing, a flag outside of the command line. Run it with `deno task dev:layers`.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { circlesAmong } from "./house/circles.ts";
import { flagsOf, flagWordsIn } from "./house/flag_words.ts";
import { importGraph, resolveImport } from "./house/import_graph.ts";
import { importsOf, withoutComments } from "./house/imports_of.ts";
import { orphansAmong } from "./house/orphans.ts";
import { fullFolders, strayTestFolders } from "./house/rooms.ts";
import type { Violation } from "./house/violation.ts";

const EVERY = "every layer";

/** What each folder of `src/` may import of the others; itself always. Each stands below those that may import it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | typeof EVERY>> = {
  core: [],
  results: ["core"],
  stats: ["results", "core"],
  objectives: ["stats", "results", "core"],
  compare: ["stats", "results", "core"],
  items: ["core"],
  wire: ["core"],
  protocols: ["items", "wire", "results", "core"],
  observe: ["stats", "results", "core"],
  load: ["items", "core"],
  measure: ["load", "observe", "objectives", "stats", "results", "core"],
  test_types: ["measure", "load", "observe", "objectives", "compare", "stats", "results", "core"],
  analysis: ["stats", "results", "core"],
  words: ["analysis", "stats", "results", "core"],
  plot: ["words", "stats", "results", "core"],
  report: ["plot", "words", "analysis", "objectives", "compare", "stats", "results", "core"],
  embedded: ["core"],
  launch: ["core"],
  notebook: ["plot", "results", "core"],
  cli: EVERY,
};

/** Packages that only some files may import, as what each starts with. `src/plot/kit/render.ts` alone touches a DOM. */
const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  "@observablehq/plot": ["src/plot/"],
  "linkedom": ["src/plot/kit/render.ts"],
  "jsdom": ["src/plot/kit/render.ts"],
  "happy-dom": ["src/plot/kit/render.ts"],
  "undici": ["src/wire/undici/"],
  "systeminformation": ["src/observe/"],
  "onnxruntime-node": ["src/embedded/"],
  "@std/cli": ["src/cli/", "src/embedded/", "tasks/"],
  "@std/assert": ["tests/"],
  "@valibot/to-json-schema": ["tasks/"],
  "ajv": ["tests/"],
  "fast-check": ["tests/"],
};

/** What notebooks import: in the checkout this is `mod.ts`, elsewhere the same version of it. */
const PUBLISHED = `jsr:${config.name}@${config.version.replace(/\.\d+$/, "")}`;

/** Of the test types this one alone may import the others. */
const IMPORTS_TEST_TYPES = "comprehensive";

/**
 * The imports of one file that the house does not allow.
 *
 * @param path Path from the root of the project, with `/`.
 * @param source Its text; of a notebook, its JSON.
 * @returns Violations in the order of the text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(checkFile("src/stats/mean.ts", 'import "../core/sample.ts";'), []);
 * assertEquals(checkFile("src/core/sample.ts", 'import "../stats/mean.ts";'), [{
 *   path: "src/core/sample.ts",
 *   line: 1,
 *   message: "core may import nothing but itself: found ../stats/mean.ts of stats",
 * }]);
 * ```
 */
export function checkFile(path: string, source: string): readonly Violation[] {
  const code = path.endsWith(".ipynb") ? codeOfNotebook(source) : source;
  const violations = importsOf(code).flatMap(({ specifier, line }) => {
    const message = objection(path, specifier);
    return message === undefined ? [] : [{ path, line, message }];
  });
  return path === "mod.ts" ? [...violations, ...logicOf(code, path)] : violations;
}

/** What speaks against an import, or `undefined`. */
function objection(path: string, specifier: string): string | undefined {
  if (path.startsWith("notebooks/")) {
    return specifier === PUBLISHED ? undefined : `notebooks may import ${PUBLISHED} only: found ${specifier}`;
  }
  if (!/^\.{1,2}\//.test(specifier)) return packageObjection(path, specifier);
  const target = resolveImport(path, specifier);
  const to = layerOf(target);
  const from = layerOf(path);
  if (path === "mod.ts") {
    return to === undefined ? `mod.ts may export layers of src/: found ${specifier}` : undefined;
  }
  const transport = transportObjection(path, target, specifier);
  if (from === undefined || transport !== undefined) return transport; // tasks stand outside the arrows
  if (target === "deno.json") return undefined; // the version has one source
  if (from === "cli" && target.startsWith("compat/")) return undefined; // as a file it is found from everywhere
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined) return `src/${from} is no layer of tasks/check_layers.ts: found an import of ${specifier}`;
  if (from === to) return siblingObjection(path, target, specifier);
  if (to !== undefined && (allowed === EVERY || allowed.includes(to))) return undefined;
  const list = allowed === EVERY ? EVERY : allowed.length === 0 ? "nothing but itself" : allowed.join(", ");
  return `${from} may import ${list}: found ${specifier}${to === undefined ? "" : ` of ${to}`}`;
}

function packageObjection(path: string, specifier: string): string | undefined {
  const name = /^(?:npm:|jsr:)?\/?((?:@[^/]+\/)?[^/@]+)/.exec(specifier)?.[1] ?? specifier;
  // The embedded server is published with packages that the command's configuration does not name.
  const isNamed = specifier.startsWith("npm:") && path.startsWith("src/embedded/");
  if (/^(?:npm|jsr|https?):/.test(specifier) && !isNamed) {
    return `packages come from the import map of deno.json: found ${specifier}`;
  }
  if (path === "mod.ts") return `mod.ts may export layers of src/: found ${specifier}`;
  const homes = PACKAGE_HOMES[name];
  if (homes === undefined || !path.startsWith("src/") || homes.some((home) => path.startsWith(home))) return undefined;
  return `${name} may be imported in ${homes.join(", ")} only: found ${specifier}`;
}

function siblingObjection(path: string, target: string, specifier: string): string | undefined {
  const to = testTypeOf(target);
  const from = testTypeOf(path);
  if (to === undefined || from === to || from === IMPORTS_TEST_TYPES) return undefined;
  return `of the test types only ${IMPORTS_TEST_TYPES} may import others: found ${specifier} in ${from}`;
}

/** The test type to which a file belongs: `src/test_types/basic.ts` and all of `src/test_types/basic/` to basic. */
function testTypeOf(path: string): string | undefined {
  return /^src\/test_types\/([^/.]+)/.exec(path)?.[1];
}

/** A transport is chosen from the table in `src/wire/`; no other file of the program names one. */
function transportObjection(path: string, target: string, specifier: string): string | undefined {
  if (path.startsWith("src/wire/") || !/^src\/wire\/[^/]+\//.test(target)) return undefined;
  return `a transport is named in src/wire only: found ${specifier}`;
}

function layerOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** What of `mod.ts` is no export list. */
function logicOf(code: string, path: string): readonly Violation[] {
  const rest = withoutComments(code)
    .replace(
      /export\s+(?:type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?)\s*from\s*["'][^"']+["'];?/g,
      (list) => list.replace(/[^\n]/g, " "),
    );
  const at = rest.search(/\S/);
  if (at === -1) return [];
  const found = rest.slice(at).split("\n")[0]!.trim();
  return [{
    path,
    line: rest.slice(0, at).split("\n").length,
    message: `mod.ts holds export lists only: found ${found}`,
  }];
}

/** The code cells of a notebook, one after the other. */
function codeOfNotebook(json: string): string {
  const { cells } = JSON.parse(json) as { cells: readonly { cell_type: string; source: string | readonly string[] }[] };
  return cells.filter((cell) => cell.cell_type === "code").map((cell) => [cell.source].flat().join("")).join("\n");
}

/**
 * Holds a project against the rules of the house. Tests are held against those of folders alone.
 *
 * @param root The project's folder.
 * @returns What breaks a rule, and how many files were held against those of imports.
 * @throws {Deno.errors.NotFound} If the folder is not there or lacks README.md, whose table lists the flags.
 */
export async function checkTree(root: string): Promise<{ files: number; violations: readonly Violation[] }> {
  const paths = (await Array.fromAsync(filesOf(root, ""))).sort();
  const code = paths.filter((path) => (path === "mod.ts" || CODE.test(path)) && /\.(?:ts|ipynb)$/.test(path));
  const files = await Promise.all(
    code.map(async (path) => ({ path, source: await Deno.readTextFile(`${root}/${path}`) })),
  );
  const flags = flagsOf(await Deno.readTextFile(`${root}/README.md`));
  const modules = files.filter(({ path }) => path.endsWith(".ts"));
  const imports = importGraph(modules);
  const violations = [
    ...files.flatMap(({ path, source }) => checkFile(path, source)),
    ...files.flatMap((file) => flagWordsIn(file, flags)),
    ...circlesAmong(imports),
    ...orphansAmong(modules, imports, await Deno.readTextFile(`${root}/deno.json`)),
    ...fullFolders(paths),
    ...strayTestFolders(paths),
  ];
  return { files: files.length, violations };
}

const CODE = /^(?:src|notebooks|tasks|compat)(?:\/|$)/;
const FOLDERS = /^(?:src|notebooks|tasks|compat|tests)(?:\/|$)/;

async function* filesOf(root: string, folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(`${root}/${folder}`)) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory && FOLDERS.test(path) && !entry.name.startsWith(".")) yield* filesOf(root, path);
    else if (entry.isFile && (path === "mod.ts" || FOLDERS.test(path))) yield path;
  }
}

if (import.meta.main) {
  const { files, violations } = await checkTree(Deno.args[0] ?? ".");
  const lines = violations.map(({ path, line, message }) => `${path}:${line}: ${message}`);
  // deno-lint-ignore no-console -- this is a command
  console.log([...lines, `${files} files, ${violations.length} against the rules of the house`].join("\n"));
  if (violations.length > 0) Deno.exit(1);
}
