import { assertEquals, assertRejects } from "@std/assert";
import { checkOutputs } from "../../../src/cli/commands/check_outputs.ts";
import { parseCommandLine, type RunCommand } from "../../../src/cli/options/command_line.ts";
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

Deno.test("checkOutputs() refuses to replace a file that the command reads; a baseline and what it goes on with by results alone", async () => {
  const folder = await Deno.makeTempDir();
  const read = `${folder}/read.json`, given = { output: `${folder}/r.json`, samples: null };
  await Deno.writeTextFile(read, "{}");
  const parsed = (...argv: string[]) => parseCommandLine(argv) as RunCommand;
  const reads = "it must be another file: it is one that is read";
  try {
    for (
      const argv of [
        ["--input-data", read],
        ["--url", "http://a", "--generic", read],
        ["--url", "http://a", "--token-file", read],
        ["--url", "http://a", "--prompts", read],
        ["--test-type", "load", "--trace", read],
      ]
    ) {
      const { inputData, trace, server } = parsed(...argv);
      await checkOutputs({ ...given, inputData, trace, server });
      for (const name of ["output", "report", "samples"]) {
        const files = { ...given, inputData, trace, server, [name]: read };
        await assertRejects(() => checkOutputs(files), UsageError, reads, `${argv} --${name}`);
      }
    }
    const baseline = { path: read, maxRegression: 0.05 };
    for (const results of [{ baseline }, { resume: read }]) {
      await checkOutputs({ ...results, output: read });
      await assertRejects(() => checkOutputs({ ...results, ...given, samples: read }), UsageError, reads);
    }
    await checkOutputs({ ...given, baseline, report: read });
    await assertRejects(() => checkOutputs({ ...given, resume: read, report: read }), UsageError, reads);
    assertEquals(await Deno.readTextFile(read), "{}");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
