import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkFile, checkTree } from "../../tasks/check_layers.ts";

/** The messages about a file that imports one module. */
function messages(path: string, specifier: string): readonly string[] {
  return checkFile(path, `import "${specifier}";`).map(({ message }) => message);
}

Deno.test("checkFile() lets imports along the arrows pass", () => {
  const allowed = [
    ["src/core/sample.ts", "./outcome.ts"],
    ["src/core/version.ts", "../../deno.json"],
    ["src/wire/transports.ts", "./undici/undici_transport.ts"],
    ["src/wire/undici/undici_transport.ts", "undici"],
    ["src/protocols/kserve_v2/encode.ts", "../../wire/deadline.ts"],
    ["src/protocols/kserve_v2/encode.ts", "../json.ts"],
    ["src/test_types/latency.ts", "../load/closed_loop.ts"],
    ["src/test_types/latency.ts", "../measure/level.ts"],
    ["src/test_types/memory/memory.ts", "./memory_phases.ts"],
    ["src/test_types/comprehensive.ts", "./latency.ts"],
    ["src/report/text.ts", "../plot/spark.ts"],
    ["src/plot/kit/render.ts", "linkedom"],
    ["src/cli/main.ts", "../embedded/start.ts"],
    ["src/cli/options/read_arguments.ts", "../../../compat/std-cli/parse_args.ts"],
    ["mod.ts", "./src/stats/quantile.ts"],
    ["tasks/demo.ts", "../src/cli/main.ts"],
    ["src/observe/rss.ts", "node:fs/promises"],
  ] as const;
  for (const [path, specifier] of allowed) {
    const source = path === "mod.ts" ? `export * from "${specifier}";` : `import "${specifier}";`;
    assertEquals(checkFile(path, source), [], `${path} imports ${specifier}`);
  }
});

Deno.test("checkFile() objects to imports against the arrows", () => {
  const forbidden = [
    ["src/core/sample.ts", "../stats/mean.ts", "core may import nothing but itself: found ../stats/mean.ts of stats"],
    ["src/load/loop.ts", "../protocols/mod.ts", "load may import items, core: found ../protocols/mod.ts of protocols"],
    ["src/embedded/server.ts", "../wire/a.ts", "embedded may import core"],
    ["src/analysis/knee.ts", "../report/text.ts", "analysis may import stats, results, core"],
    ["src/test_types/latency.ts", "./memory.ts", "only comprehensive may import others: found ./memory.ts in latency"],
    ["src/test_types/ab.ts", "./load/load.ts", "only comprehensive may import others: found ./load/load.ts in ab"],
    [
      "src/test_types/memory/memory.ts",
      "../level.ts",
      "only comprehensive may import others: found ../level.ts in mem",
    ],
    ["src/wire/a.ts", "../../mod.ts", "wire may import core: found ../../mod.ts"],
    ["src/core/a.ts", "../../tests/a.ts", "core may import nothing but itself"],
    ["src/new/a.ts", "../core/a.ts", "src/new is no layer"],
    ["src/stats/a.ts", "npm:undici@8", "packages come from the import map"],
    ["src/protocols/a.ts", "../wire/undici/b.ts", "a transport is named in src/wire only: found ../wire/undici/b.ts"],
    ["tasks/a.ts", "../src/wire/undici/b.ts", "a transport is named in src/wire only"],
    ["src/load/a.ts", "undici", "undici may be imported in src/wire/undici/ only"],
    ["src/plot/bars.ts", "linkedom", "linkedom may be imported in src/plot/kit/render.ts only"],
    ["src/report/html.ts", "@observablehq/plot", "@observablehq/plot may be imported in src/plot/ only"],
    ["src/core/a.ts", "@std/cli/parse-args", "@std/cli may be imported in src/cli/"],
  ] as const;
  for (const [path, specifier, part] of forbidden) {
    assertStringIncludes(messages(path, specifier).join("\n"), part, `${path} imports ${specifier}`);
  }
});

Deno.test("checkFile() objects to mod.ts when it holds more than export lists", () => {
  const lists =
    '/** The API. @module */\nexport { a, type B } from "./src/core/a.ts";\nexport type * from "./src/core/b.ts";\n';
  assertEquals(checkFile("mod.ts", lists), []);
  assertEquals(checkFile("mod.ts", `${lists}export const c = 1;`), [
    { path: "mod.ts", line: 4, message: "mod.ts holds export lists only: found export const c = 1;" },
  ]);
  assertStringIncludes(checkFile("mod.ts", 'export * from "./tasks/demo.ts";')[0]!.message, "layers of src/: found");
  assertStringIncludes(checkFile("mod.ts", 'export * from "undici";')[0]!.message, "mod.ts may export layers of src/");
});

Deno.test("checkFile() reads the code cells of a notebook", () => {
  const notebook = (code: string) =>
    JSON.stringify({
      cells: [
        { cell_type: "markdown", source: ['import "undici";'] },
        { cell_type: "code", source: ["// cell\n", code] },
      ],
    });
  assertEquals(
    checkFile("notebooks/a.ipynb", notebook('import { connect } from "jsr:@torchgauge/torchgauge@0.2";')),
    [],
  );
  assertEquals(checkFile("notebooks/a.ipynb", notebook('import { a } from "../src/core/a.ts";')), [
    {
      path: "notebooks/a.ipynb",
      line: 2,
      message: "notebooks may import jsr:@torchgauge/torchgauge@0.2 only: found ../src/core/a.ts",
    },
  ]);
});

const PROJECT = { "README.md": "| `--url URL` | | |", "deno.json": "deno run src/load/c.ts" };

/** What checkTree() says of a project with these files, a README with one option and a task that runs c.ts among them. */
async function check(files: Readonly<Record<string, string>>) {
  const root = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries({ ...PROJECT, ...files })) {
      await Deno.mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    return await checkTree(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("checkTree() names the file and line when a tree has a violation, and leaves imports of tests alone", async () => {
  const { files, violations } = await check({
    "mod.ts": 'export * from "./src/core/a.ts"; export * from "./src/stats/b.ts";',
    "src/core/a.ts": "export const a = 1;",
    "src/stats/b.ts": '\nimport { c } from "../load/c.ts";',
    "tests/d.ts": 'import "npm:undici@8";',
  });
  assertEquals(files, 3);
  assertEquals(violations, [
    { path: "src/stats/b.ts", line: 2, message: "stats may import results, core: found ../load/c.ts of load" },
  ]);
});

Deno.test("checkTree() holds a tree against every rule", async () => {
  const tree = {
    "src/core/a.ts": 'import "./b.ts";\nconst hint = "Give --url";',
    "src/core/b.ts": 'import "./a.ts";',
    "src/load/c.ts": 'import "../wire/undici/d.ts";',
    "src/load/old.ts": "",
    ...Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`tasks/${index}.ts`, ""])),
    "tests/new/e_test.ts": "",
  };
  const { violations } = await check(tree);
  assertEquals(violations.map(({ path, message }) => `${path}: ${message.replace(/:.*/, "")}`), [
    "src/load/c.ts: a transport is named in src/wire only",
    "src/core/a.ts: flags are written in src/cli only, an error names the option's key",
    "src/core/a.ts: imports of files must not run in a circle",
    "src/load/old.ts: a file of src/ is imported, started or run by something",
    "tasks/0.ts: a folder may hold 20 files beside its subfolders",
    "tests/new/e_test.ts: a folder of tests mirrors a folder of the code",
  ]);
});
