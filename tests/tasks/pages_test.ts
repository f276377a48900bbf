import { assertEquals, assertGreater } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
/** Pages for those who carry on, besides README.md. */
const PAGES = ["src/README.md", "src/stats/README.md", "src/stats/CALIBRATION.md", ".github/CONTRIBUTING.md"];
const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

const IGNORED = ["node_modules", "reports", ".git", "coverage"];

async function* modulesOf(folder: string, ending = ".ts"): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(folder === "" ? "./" : folder, ROOT))) {
    if (IGNORED.includes(entry.name)) continue;
    if (entry.isDirectory) yield* modulesOf(`${folder}${entry.name}/`, ending);
    else if (entry.name.endsWith(ending)) yield `${folder}${entry.name}`;
  }
}

Deno.test("src/stats/README.md has every method that a comment of src/ cites", async () => {
  const methods = [...(await read("src/stats/README.md")).matchAll(/^### (\d+)\. /gm)].map(([, number]) => number!);
  assertEquals(methods, methods.map((_, index) => `${index + 1}`), "methods are numbered without a gap");
  const unknown: string[] = [];
  let cited = 0;
  for await (const path of modulesOf("src/")) {
    for (const [citation, number] of (await read(path)).matchAll(/\b(?:method|METHODS) (\d+)\b/g)) {
      cited++;
      if (!methods.includes(number!) || citation.startsWith("METHODS")) unknown.push(`${path}: ${citation}`);
    }
  }
  assertEquals(unknown, []);
  assertEquals(cited > 0, true);
});

Deno.test("comments name files that are there", async () => {
  const lost: string[] = [];
  let cited = 0;
  // These look at paths themselves, and have made-up ones.
  const isAboutPaths = (path: string) => /^(?:tests\/)?tasks\/(?:house|check_\w+\.ts|pages_test)/.test(path);
  const names = new Set<string>();
  for await (const path of modulesOf("", ".md")) names.add(path.replace(/^.*\//, ""));
  for await (const path of modulesOf("")) {
    if (isAboutPaths(path)) continue;
    const comments = (await read(path)).match(/\/\*\*?[^]*?\*\/|(?<=^|\s)\/\/ .*/g)?.join("\n") ?? "";
    for (const [name] of comments.matchAll(/(?<![\w/])[A-Z][A-Z_]+\.md\b/g)) {
      if (!names.has(name)) lost.push(`${path}: ${name}`);
    }
    for (const [file] of comments.matchAll(/(?<![\w/.])(?:src|tests|tasks|compat|notebooks)\/[\w/.-]+\.\w+/g)) {
      cited++;
      await Deno.stat(new URL(file, ROOT)).catch(() => lost.push(`${path}: ${file}`));
    }
  }
  assertEquals(lost, []);
  assertGreater(cited, 5);
});

Deno.test("pages name files and folders that are there", async () => {
  const lost: string[] = [];
  for (const page of PAGES) {
    const named = [...(await read(page)).matchAll(/`((?:src|tests|tasks)\/[\w/.-]*)`/g)].map(([, path]) => path!);
    for (const path of named) {
      await Deno.stat(new URL(path, ROOT)).catch(() => lost.push(`${page}: ${path}`));
    }
  }
  assertEquals(lost, []);
});

Deno.test("the page of src/ names its files and folders from there, and those that are there", async () => {
  const lost: string[] = [];
  const rooms = (await Array.fromAsync(Deno.readDir(new URL("src/", ROOT)))).map(({ name }) => name);
  const named = [...(await read("src/README.md")).matchAll(/`(\w+\/[\w/.-]*)`/g)].map(([, path]) => path!);
  for (const path of named.filter((path) => rooms.includes(path.replace(/\/.*/, "")) && !path.includes("NAME"))) {
    await Deno.stat(new URL(`src/${path}`, ROOT)).catch(() => lost.push(path));
  }
  assertEquals(lost, []);
  assertGreater(named.length, 20);
});

Deno.test("links of the pages lead to files that are there", async () => {
  const lost: string[] = [];
  for (const page of ["README.md", ...PAGES]) {
    for (const [, target] of (await read(page)).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const path = new URL(target!, new URL(page, ROOT));
      await Deno.stat(path).catch(() => lost.push(`${page}: ${target}`));
    }
  }
  assertEquals(lost, []);
});

Deno.test("pages name tasks that there are", async () => {
  const { tasks } = JSON.parse(await read("deno.json")) as { tasks: Readonly<Record<string, unknown>> };
  const unknown: string[] = [];
  for (const page of ["README.md", ...PAGES]) {
    for (const [, task] of (await read(page)).matchAll(/\bdeno task ([a-z][\w:]*)/g)) {
      if (!(task! in tasks)) unknown.push(`${page}: ${task}`);
    }
  }
  assertEquals(unknown, []);
});
