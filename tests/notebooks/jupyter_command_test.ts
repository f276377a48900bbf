import { assertEquals, assertStringIncludes } from "@std/assert";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { installKernel, jupyterDataFolder, type Kernelspec } from "../../src/notebook/kernelspec.ts";

const TASK = fileURLToPath(new URL("../../tasks/jupyter.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** The real command where no programs are to be found but those given, as shell scripts. */
async function run(
  programs: Readonly<Record<string, string>>,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  for (const [name, script] of Object.entries(programs)) {
    await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", CONFIG, TASK, ...args],
    env: { PATH: folder, NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  await Deno.remove(folder, { recursive: true });
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

Deno.test("the command says how to get JupyterLab when it is not there or does not work", async () => {
  for (const programs of [{}, { jupyter: "exit 1" }]) {
    const { code, out, err } = await run(programs, []);
    assertEquals([code, out], [3, ""]);
    assertStringIncludes(err, "pip install jupyterlab");
    assertStringIncludes(err, "deno task notebooks");
  }
});

Deno.test({
  name: "the command makes the kernel known to this JupyterLab only, passes options on, and ends as it ends",
  ignore: Deno.build.os === "windows",
  async fn() {
    const jupyter = `test "$2" = --version && exit 0
      echo "$JUPYTER_PATH"; for option in "$@"; do echo "$option"; done
      while read -r line; do echo "$line"; done < "\${JUPYTER_PATH%%${delimiter}*}/kernels/deno/kernel.json"
      exit 7`;
    const { code, out } = await run({ jupyter }, ["--no-browser"], { JUPYTER_PATH: "/elsewhere" });
    const [path, lab, root, url, option, ...kernel] = out.split("\n");
    assertEquals(code, 7);
    const [folder, other] = path!.split(delimiter);
    assertEquals([other, lab, url, option], [
      "/elsewhere",
      "lab",
      "--LabApp.default_url=/lab/tree/notebooks",
      "--no-browser",
    ]);
    assertEquals(root, `--ServerApp.root_dir=${fileURLToPath(new URL("../../", import.meta.url))}`);
    assertEquals(JSON.parse(kernel.join("\n")).argv, [
      Deno.execPath(),
      "jupyter",
      "--kernel",
      "--conn",
      "{connection_file}",
    ]);
    assertEquals(await Deno.stat(folder!).then(() => "left behind", () => "gone"), "gone");
  },
});

/** The kernel that is installed in one of Jupyter's folders. */
const installed = async (folder: string): Promise<Kernelspec> =>
  JSON.parse(await Deno.readTextFile(`${folder}/kernels/deno/kernel.json`));

Deno.test("--install makes the kernel known to this user's clients, from a file that no package runner removes", async () => {
  const home = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  const env = { HOME: home, USERPROFILE: home, APPDATA: `${home}/roaming`, XDG_DATA_HOME: "", JUPYTER_DATA_DIR: "" };
  const folder = jupyterDataFolder(Deno.build.os, (name) => (env as Record<string, string>)[name]);
  for (const _ of ["installs", "replaces"]) {
    const { code, out, err } = await run({}, ["--install"], env);
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, `The kernel "Deno" is installed in ${folder}`);
  }
  const { argv: [program, ...args] } = await installed(folder);
  assertEquals(args, ["jupyter", "--kernel", "--conn", "{connection_file}"]);
  assertEquals(/node_modules|_npx/.test(program!), false, program);
  const { stdout } = await new Deno.Command(program!, { args: ["--version"] }).output();
  assertStringIncludes(new TextDecoder().decode(stdout), `deno ${Deno.version.deno}`);
  await Deno.remove(home, { recursive: true });
});

Deno.test("installKernel() links or copies what npx has fetched, and leaves a Deno that is installed where it is", async () => {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge-test-" });
  const fetched = `${folder}/.npm/_npx/0/node_modules/@deno/x/deno`;
  await Deno.mkdir(fetched.slice(0, -5), { recursive: true });
  await Deno.writeTextFile(fetched, "a program", { mode: 0o755 });
  await installKernel(folder, fetched);
  await Deno.remove(fetched);
  const [own] = (await installed(folder)).argv;
  assertEquals(await Deno.readTextFile(own!), "a program");
  await installKernel(folder, "/usr/local/bin/deno");
  assertEquals((await installed(folder)).argv[0], "/usr/local/bin/deno");
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "--install says what must be writable",
  ignore: Deno.build.os === "windows",
  async fn() {
    const file = await Deno.makeTempFile();
    const { code, out, err } = await run({}, ["--install"], { JUPYTER_DATA_DIR: `${file}/jupyter` });
    assertEquals([code, out], [2, ""]);
    assertStringIncludes(err, `Cannot install the kernel as files must be writable in ${file}/jupyter`);
    await Deno.remove(file);
  },
});

Deno.test("jupyterDataFolder() is where Jupyter looks, by system and environment", () => {
  const cases: readonly [os: typeof Deno.build.os, env: Record<string, string>, folder: string][] = [
    ["linux", { HOME: "/h" }, "/h/.local/share/jupyter"],
    ["linux", { HOME: "/h", XDG_DATA_HOME: "/x" }, "/x/jupyter"],
    ["darwin", { HOME: "/h", XDG_DATA_HOME: "/x" }, "/h/Library/Jupyter"],
    ["windows", { USERPROFILE: "C:/u", APPDATA: "C:/u/r" }, "C:/u/r/jupyter"],
    ["windows", { USERPROFILE: "C:/u" }, "C:/u/AppData/Roaming/jupyter"],
    ["linux", { HOME: "/h", JUPYTER_DATA_DIR: "/data" }, "/data"],
  ];
  for (const [os, env, folder] of cases) {
    assertEquals(jupyterDataFolder(os, (name) => env[name]).replaceAll("\\", "/"), folder);
  }
});
