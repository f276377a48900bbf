import { assertEquals, assertStringIncludes } from "@std/assert";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

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
