import { assertEquals, assertRejects } from "@std/assert";
import { checkOutputs } from "../../../src/cli/commands/check_outputs.ts";
import { UsageError } from "../../../src/core/errors.ts";

Deno.test("checkOutputs() refuses one file for two outputs, however it is written, and a stream for samples", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const files = { output: `${folder}/a.csv`, report: null, samples: `${folder}/b.csv` };
    await checkOutputs(files);
    const twice = { ...files, samples: `${folder}/../${folder.split("/").at(-1)}/./a.csv` };
    await assertRejects(() => checkOutputs(twice), UsageError, "must be two files");
    await Deno.symlink("a.csv", `${folder}/link.csv`);
    const linked = { ...files, samples: `${folder}/link.csv` };
    await assertRejects(
      () => checkOutputs(linked),
      UsageError,
      "--output and --samples must be two files: they are one",
    );
    await assertRejects(
      () => checkOutputs({ ...files, samples: "/dev/stdout" }),
      UsageError,
      "--samples must be a file",
    );
    await checkOutputs({ output: "/dev/null", report: null, samples: "/dev/null" });
    assertEquals(await Array.fromAsync(Deno.readDir(folder), ({ name }) => name), ["link.csv"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
