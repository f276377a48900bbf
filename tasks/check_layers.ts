/**
 * Fails where an import goes against the arrows of the house. Run it with `deno task layers`.
 *
 * @module
 */
import { importsOf, withoutComments } from "./imports_of.ts";

const EVERY = "every layer";

/** What each folder of `src/` may import of the others; itself always. Each stands below those that may import it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[] | typeof EVERY>> = {
  core: [],
  results: ["core"],
  stats: ["results", "core"],
  objectives: ["stats", "results", "core"],
  compare: ["stats", "results", "core"],
  wire: ["core"],
  protocols: ["wire", "results", "core"],
  observe: ["results", "core"],
  load: ["core"],
  measure: ["load", "observe", "stats", "results", "core"],
  test_types: ["measure", "load", "observe", "objectives", "compare", "stats", "results", "core"],
  analysis: ["stats", "results", "core"],
  words: ["analysis", "stats", "results", "core"],
  plot: ["words", "stats", "results", "core"],
  report: ["plot", "words", "analysis", "objectives", "compare", "stats", "results", "core"],
  embedded: ["core"],
  notebook: ["results", "core"],
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
  "fast-check": ["tests/"],
};

/** The test types: of these, `comprehensive` alone may import the others. */
const TEST_TYPES = ["ab", "basic", "latency", "throughput", "scalability", "memory", "comprehensive"];

/** One import that the house does not allow. */
export interface Violation {
  /** Path from the root of the project. */
  readonly path: string;
  /** Line, counted from 1. */
  readonly line: number;
  /** What is allowed and what was found. */
  readonly message: string;
}

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
    const mod = resolve(path, specifier) === "mod.ts";
    return mod ? undefined : `notebooks may import mod.ts only: found ${specifier}`;
  }
  if (!/^\.{1,2}\//.test(specifier)) return packageObjection(path, specifier);
  const target = resolve(path, specifier);
  const to = layerOf(target);
  const from = layerOf(path);
  if (path === "mod.ts") {
    return to === undefined ? `mod.ts may export layers of src/: found ${specifier}` : undefined;
  }
  if (from === undefined) return undefined; // tasks and tests stand outside the arrows
  if (target === "deno.json") return undefined; // the version has one source
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined) return `src/${from} is no layer of tasks/check_layers.ts: found an import of ${specifier}`;
  if (from === to) return siblingObjection(path, target, specifier);
  if (to !== undefined && (allowed === EVERY || allowed.includes(to))) return undefined;
  const list = allowed === EVERY ? EVERY : allowed.length === 0 ? "nothing but itself" : allowed.join(", ");
  return `${from} may import ${list}: found ${specifier}${to === undefined ? "" : ` of ${to}`}`;
}

function packageObjection(path: string, specifier: string): string | undefined {
  const name = /^(?:npm:|jsr:)?\/?((?:@[^/]+\/)?[^/@]+)/.exec(specifier)?.[1] ?? specifier;
  if (/^(?:npm|jsr|https?):/.test(specifier)) {
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
  if (to === undefined || from === to || from === "comprehensive") return undefined;
  return `of the test types only comprehensive may import others: found ${specifier} in ${from ?? "a helper of all"}`;
}

/** The test type to which a file belongs: `src/test_types/memory.ts` and `src/test_types/memory_phases.ts` to memory. */
function testTypeOf(path: string): string | undefined {
  return TEST_TYPES.find((type) => new RegExp(`^src/test_types/${type}(?:[_./]|$)`).test(path));
}

function layerOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

/** The path to which a relative specifier leads, from the root of the project. */
function resolve(path: string, specifier: string): string {
  return new URL(specifier, `file:///${path}`).pathname.slice(1);
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
 * Checks every module and notebook below a folder.
 *
 * @param root The project's folder.
 * @returns All violations, by path, and how many files were read.
 * @throws {Deno.errors.NotFound} If the folder is not there.
 */
export async function checkTree(root: string): Promise<{ files: number; violations: readonly Violation[] }> {
  const paths = (await Array.fromAsync(filesOf(root, ""))).sort();
  const violations = await Promise.all(
    paths.map(async (path) => checkFile(path, await Deno.readTextFile(`${root}/${path}`))),
  );
  return { files: paths.length, violations: violations.flat() };
}

const FOLDERS = /^(?:src|notebooks|tasks|compat)(?:\/|$)/;

async function* filesOf(root: string, folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(`${root}/${folder}`)) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory && FOLDERS.test(path)) yield* filesOf(root, path);
    else if (entry.isFile && (path === "mod.ts" || FOLDERS.test(path)) && /\.(?:ts|ipynb)$/.test(path)) yield path;
  }
}

if (import.meta.main) {
  const { files, violations } = await checkTree(Deno.args[0] ?? ".");
  const lines = violations.map(({ path, line, message }) => `${path}:${line}: ${message}`);
  // deno-lint-ignore no-console -- this is a command
  console.log([...lines, `${files} files, ${violations.length} imports against the arrows`].join("\n"));
  if (violations.length > 0) Deno.exit(1);
}
