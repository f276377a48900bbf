import { assertEquals } from "@std/assert";
import config from "../../../deno.json" with { type: "json" };

const MODULE = import.meta.resolve("../../../src/core/process/spawn_permitted.ts");
const SCRIPT = `
  import { spawnPermitted } from ${JSON.stringify(MODULE)};
  const args = ["eval", "console.log(Deno.env.get('LD_X'), Deno.env.get('PLAIN'), Deno.env.get('GIVEN'), Deno.env.get('DISPLAY'))"];
  const child = spawnPermitted(Deno.execPath(), { args, env: { GIVEN: "g" }, stdout: "piped" });
  console.log(new TextDecoder().decode((await child.output()).stdout).trim());
`;

/** What a child sees of the loader's variables and others. */
async function seen(...permissions: string[]): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(path, SCRIPT);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-prompt", ...permissions, path],
    env: { LD_X: "x", PLAIN: "p", DISPLAY: ":9" },
    stderr: "inherit",
  }).output();
  await Deno.remove(path);
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("where only some programs may be run, they are run without the loader's variables", async () => {
  const deno = `--allow-run=${Deno.execPath()}`;
  assertEquals(await seen(deno, "--allow-env"), "undefined p g :9");
  assertEquals(await seen(deno, "--allow-env=HOME,DENO_DIR"), "undefined undefined g undefined");
  assertEquals(await seen("--allow-run"), "x p g :9", "every program may be run with everything");
});

Deno.test("the task of reports hands on where the screen is to what opens one", async () => {
  const [environment] = /--allow-env=\S+/.exec(config.tasks.report.command)!;
  assertEquals(await seen(`--allow-run=${Deno.execPath()}`, environment), "undefined undefined g :9");
});
