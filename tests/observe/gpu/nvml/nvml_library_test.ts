import { assert, assertEquals, assertGreater } from "@std/assert";
import { NVML_PATHS } from "../../../../src/observe/gpu/nvml/nvml_library.ts";
import { fakeNvml, H200, NO_CC } from "../fake_nvml.ts";

const MODULE = import.meta.resolve("../../../../src/observe/gpu/nvml/open_nvml.ts");
const CODE = `import { openNvml } from "${MODULE}";
const source = await openNvml();
console.log(source.absent ?? JSON.stringify(await source.readDevices()));
await source.close?.();`;

/** What a program says that opens NVML with some permissions. */
async function outputWith(variables: Record<string, string>, ...permissions: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const script = `${folder}/script.ts`;
    await Deno.writeTextFile(script, CODE);
    const config = new URL(import.meta.resolve("../../../../deno.json")).pathname;
    const args = ["run", "--no-prompt", "--config", config, ...permissions, script];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env: variables }).output();
    assert(stdout.length > 0, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "openNvml() needs the permission for the library alone, and asks for none",
  ignore: NO_CC,
  async fn() {
    using nvml = fakeNvml({ devices: [H200] });
    const variables = { TORCHGAUGE_NVML: nvml.library };
    const others = ["--allow-read", "--allow-env=TORCHGAUGE_NVML"];
    const readings = JSON.parse(await outputWith(variables, ...others, `--allow-ffi=${nvml.library}`));
    assertEquals(readings[0].powerWatts, 76.14);
    assertEquals(
      await outputWith(variables, ...others),
      `loading ${nvml.library} is not permitted: give deno --allow-ffi=${nvml.library} beside the permissions of the task, or -A`,
    );
    assertEquals(await outputWith(variables, "--allow-read"), "loading libnvidia-ml.so.1 is not permitted");
  },
});

Deno.test("the tasks that measure with named permissions may load NVML, and no other library", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../../../deno.json", import.meta.url)));
  const commands = Object.values(tasks as Record<string, { readonly command: string }>).map(({ command }) => command);
  const named = commands.filter((command) => / --allow-net .*src\/cli\/main\.ts/.test(command));
  assertGreater(named.length, 0);
  const paths = [...NVML_PATHS.linux!, ...NVML_PATHS.windows!].join(",");
  for (const command of named) assertEquals(command.match(/--allow-ffi=(\S+)/)?.[1], paths, command);
});
