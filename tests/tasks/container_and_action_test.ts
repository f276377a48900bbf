import { assert, assertEquals } from "@std/assert";
import { cpSync } from "node:fs";
import config from "../../deno.json" with { type: "json" };
import { fromFileUrl } from "../cli/paths.ts";

const ROOT = fromFileUrl(import.meta.resolve("../../"));
const read = (path: string) => Deno.readTextFile(`${ROOT}${path}`);

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_container_" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what the container holds is enough for its command", () =>
  inFolder(async (folder) => {
    const dockerfile = await read(".github/Dockerfile");
    for (const [, sources] of dockerfile.matchAll(/^COPY (.*) \S+$/gm)) {
      for (const source of sources!.split(" ")) cpSync(`${ROOT}${source}`, `${folder}/${source}`, { recursive: true });
    }
    const [program, ...args] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)![1]!) as string[];
    assertEquals(program, "deno");
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args.map((word) => word.replace("/torchgauge", folder)), "--version"],
      cwd: folder,
    }).output();
    assertEquals(new TextDecoder().decode(stdout), `torchgauge ${config.version}\n`, new TextDecoder().decode(stderr));
    const [, version] = /^FROM denoland\/deno:(.*)$/m.exec(dockerfile)!;
    assert((await read("README.md")).includes(`deno@${version} `), "the same Deno as everywhere");
    assert((await read(".github/action/action.yml")).includes(`deno-version: ${version}\n`));
  }));

/** What the action gives to Deno, for the inputs of a workflow. */
async function optionsOf(folder: string, inputs: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const [, script] = /^ {6}run: \|\n((?: {8}.*\n?)+)/m.exec(await read(".github/action/action.yml"))!;
  await Deno.writeTextFile(`${folder}/deno`, '#!/bin/bash\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  const empty = { URL: "", MODEL: "", GATE: "", BASELINE: "", ARGS: "" };
  const { success, stdout, stderr } = await new Deno.Command("bash", {
    args: ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script!],
    cwd: folder,
    env: {
      ...empty,
      ROOT: "/root-of-action",
      TEST_TYPE: "basic",
      OUTPUT: "torchgauge.json",
      MAX_REGRESSION: "5%",
      PATH: `${folder}:${Deno.env.get("PATH")}`,
      ...inputs,
    },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trimEnd().split("\n").slice(5);
}

Deno.test(
  "the action gives its inputs to the command, word for word",
  { ignore: Deno.build.os === "windows" },
  () =>
    inFolder(async (folder) => {
      const least = ["--test-type", "basic", "--output", "torchgauge.json"];
      assertEquals(await optionsOf(folder, {}), least);
      const inputs = {
        URL: "http://a/b c",
        GATE: "p99<100ms,errors<1%",
        BASELINE: "main.json",
        ARGS: "--batch-size\n4\n",
      };
      const asked = ["--url", "http://a/b c", "--gate", "p99<100ms,errors<1%"];
      assertEquals(await optionsOf(folder, inputs), [...least, ...asked, "--batch-size", "4"]);
      const lines = "--concurrency 8\n--header  X-A: b c\n--quick\n--gate=a b\n--model\na b\n";
      const given = ["--concurrency=8", "--header=X-A: b c", "--quick", "--gate=a b", "--model", "a b"];
      assertEquals(await optionsOf(folder, { ARGS: lines }), [...least, ...given]);
      await Deno.writeTextFile(`${folder}/main.json`, "{}");
      const compared = ["--baseline", "main.json", "--max-regression", "5%"];
      assertEquals(await optionsOf(folder, inputs), [...least, ...asked, ...compared, "--batch-size", "4"]);
    }),
);
