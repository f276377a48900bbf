import { assert, assertEquals } from "@std/assert";
import { cpSync } from "node:fs";
import { fromFileUrl } from "../cli/paths.ts";

const ROOT = fromFileUrl(import.meta.resolve("../../"));

/** What needs packages of its own beside the command; tests need all of them. */
const FOLDERS = [".", "src/embedded", "tasks"];

async function read(path: string): Promise<Record<string, Record<string, string>>> {
  return JSON.parse(await Deno.readTextFile(`${ROOT}${path}`));
}

/** Packages with versions, as a lock file names them: without the peers behind `_`. */
async function locked(folder: string): Promise<readonly string[]> {
  const { npm } = await read(`${folder}/deno.lock`);
  return Object.keys(npm!).map((name) => name.replace(/(?<=.)_.*$/, ""));
}

/**
 * The adapters by the packages that they stand for: only the root's configuration names their files, since one with `links`
 * can neither be installed nor imported from elsewhere.
 */
const ADAPTERS: Readonly<Record<string, readonly [name: string, target: string]>> = {
  "compat/std-assert/mod.ts": ["@std/assert", "jsr:@std/assert@1"],
  "compat/std-cli/parse_args.ts": ["@std/cli", "jsr:@std/cli@1"],
};

/** Imports of a folder's configuration, those of files from the root. */
async function importsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const { imports } = await read(`${folder}/deno.json`);
  const shared = Object.entries(imports!).map(([name, target]) => {
    const path = target.replace(/^\.{1,2}\//, "");
    return ADAPTERS[path] ?? [name, path];
  });
  return Object.fromEntries(shared);
}

Deno.test("the command, the embedded server and the tasks have their own packages, the tests all of them", async () => {
  const ofTests = await importsOf("tests");
  for (const folder of FOLDERS) {
    const imports = await importsOf(folder);
    for (const [name, target] of Object.entries(imports)) {
      assertEquals(ofTests[name], target, `${name} of ${folder}`);
    }
    const lockOfTests = await locked("tests");
    assertEquals(
      (await locked(folder)).filter((name) => !lockOfTests.includes(name)),
      [],
      `deno.lock of ${folder}`,
    );
  }
  const { compilerOptions } = await read("deno.json");
  for (const folder of ["tasks", "tests"]) {
    assertEquals(
      (await read(`${folder}/deno.json`)).compilerOptions,
      compilerOptions,
      folder,
    );
  }
});

Deno.test("the embedded server names its packages with the versions of its lock file", async () => {
  const imports = Object.values(await importsOf("src/embedded"));
  for (const module of ["inference_worker.ts", "language/decoder.ts", "models/onnx_schema.ts"]) {
    const [named] = /npm:[^"]+/.exec(await Deno.readTextFile(`${ROOT}src/embedded/${module}`))!;
    assert(imports.includes(named), named);
  }
});

Deno.test("a run against a server needs no package of the embedded server, the tests and the tasks, and no network", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    cwd: ROOT,
  }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout)) as {
    npmCache: string;
  };
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_deno_dir_" });
  try {
    let bytes = 0;
    for (const name of await locked(".")) {
      const [, scoped, version] = /^(.+)@([^@]+)$/.exec(name)!;
      const path = `registry.npmjs.org/${scoped}/${version}`;
      const size = sizeOf(`${npmCache}/${path}`);
      if (size === 0) continue; // for another system
      bytes += size;
      cpSync(`${npmCache}/${path}`, `${folder}/npm/${path}`, {
        recursive: true,
      });
    }
    assert(bytes > 1e6 && bytes < 50e6, `${bytes} bytes`);
    const child = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "basic", "--version"],
      cwd: ROOT,
      env: {
        DENO_DIR: folder,
        HTTPS_PROXY: "http://127.0.0.1:9",
        DENO_NO_UPDATE_CHECK: "1",
        NO_COLOR: "1",
      },
    }).output();
    assert(child.success, new TextDecoder().decode(child.stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Bytes of a folder's files, 0 where there is none. */
function sizeOf(folder: string): number {
  let bytes = 0;
  try {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      bytes += isDirectory ? sizeOf(`${folder}/${name}`) : Deno.lstatSync(`${folder}/${name}`).size;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return bytes;
}
