import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { fromFileUrl } from "../cli/paths.ts";

const ROOT = fromFileUrl(import.meta.resolve("../../"));

async function deno(cwd: string, ...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(success, err);
  return out!;
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_elsewhere_" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const SCRIPT = (specifier: string) =>
  `import { connect, startEmbeddedServer } from "${specifier}";
console.log(typeof connect, typeof startEmbeddedServer);
`;

Deno.test("another folder imports torchgauge by links in its own configuration, and the command as well", () =>
  inFolder(async (folder) => {
    const name = config.name, version = config.version.replace(/\.\d+$/, "");
    const own = {
      links: [ROOT],
      imports: { [name]: `jsr:${name}@${version}`, [`${name}/cli`]: `jsr:${name}@${version}/cli` },
    };
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(own));
    for (const specifier of [name, `jsr:${name}@${version}`]) {
      await Deno.writeTextFile(`${folder}/script.ts`, SCRIPT(specifier));
      assertEquals(await deno(folder, "run", "-A", "--quiet", "script.ts"), "function function\n");
    }
    assertEquals(
      await deno(folder, "run", "-A", "--quiet", `${name}/cli`, "--version"),
      `torchgauge ${config.version}\n`,
    );
  }));

Deno.test("a script elsewhere imports torchgauge with the configuration of the checkout", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/script.ts`, SCRIPT(config.name));
    const said = await deno(folder, "run", "-A", "--quiet", "--config", `${ROOT}deno.json`, "script.ts");
    assertEquals(said, "function function\n");
  }));

Deno.test(
  "deno install -g installs the command",
  { ignore: Deno.build.os === "windows" },
  () =>
    inFolder(async (folder) => {
      await deno(
        ROOT,
        "install",
        "-g",
        "-A",
        "--root",
        folder,
        "-n",
        "torchgauge",
        "--config",
        "deno.json",
        "src/cli/main.ts",
      );
      await Deno.symlink(Deno.execPath(), `${folder}/bin/deno`);
      const { stdout } = await new Deno.Command(`${folder}/bin/torchgauge`, {
        args: ["--version"],
        cwd: folder,
        env: { PATH: `${folder}/bin:${Deno.env.get("PATH")}` },
      }).output();
      assertEquals(new TextDecoder().decode(stdout), `torchgauge ${config.version}\n`);
    }),
);

Deno.test("what is published is the code, its documents and the licence", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert(success, said);
  const files = [
    ...said.matchAll(/^ +file:\/\/\S*?\/((?:src|compat|tests|tasks|notebooks|\.github|[^/\s]+\.\w+|LICENSE)\S*) \(/gm),
  ].map(([, path]) => path!);
  for (const path of ["mod.ts", "LICENSE", "src/cli/main.ts", "src/embedded/main.ts", "compat/std-cli/parse_args.ts"]) {
    assert(said.includes(`/${path} (`), `${path} is not published`);
  }
  assertEquals(
    files.filter((path) => /^(?:tests|tasks|notebooks|\.github|compat\/std-assert)\/|\.(?:png|lock)$/.test(path)),
    [],
  );
  assertStringIncludes(said, `${config.name}@${config.version}`);
});
