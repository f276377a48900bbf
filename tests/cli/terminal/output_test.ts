import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { checkWritable, writeOutput } from "../../../src/cli/terminal/output.ts";
import { UsageError } from "../../../src/core/errors.ts";

/** Runs a test in a folder of its own. */
async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const namesIn = async (folder: string) => (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

async function refusal(fn: () => Promise<unknown>): Promise<string> {
  const error = await assertRejects(fn, UsageError);
  return `${error.message} | ${error.hint ?? ""}`;
}

Deno.test("checkWritable() leaves no file behind and an existing one as it is", () =>
  inFolder(async (folder) => {
    await checkWritable(`${folder}/new.json`);
    assertEquals(await namesIn(folder), []);
    await Deno.writeTextFile(`${folder}/old.json`, "old");
    await checkWritable(`${folder}/old.json`);
    assertEquals(await Deno.readTextFile(`${folder}/old.json`), "old");
    assertEquals(await namesIn(folder), ["old.json"]);
  }));

Deno.test("checkWritable() says nothing of a source that is missing: that is no matter of the output", () =>
  inFolder(async (folder) => {
    await checkWritable(`${folder}/new.json`, [`${folder}/typo.json`]);
    assertEquals(await namesIn(folder), []);
  }));

Deno.test("checkWritable() refuses a path that cannot be written, and says why", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const refused: [string, string][] = [
      [folder, "it must be a file: it is a folder"],
      [`${folder}/../${folder.split("/").at(-1)}/file`, "it must be another file: it is one that is read"],
      [`${folder}/none/r.json`, `its folder must exist: there is none | Create it first: mkdir -p ${folder}/none`],
      [`${folder}/file/r.json`, "its folder must be one: it is a file"],
      ["/proc/r.json", 'Cannot write to "/proc/r.json" as '],
      [`${folder}/${"x".repeat(300)}`, "it must be writable: File name too long"],
    ];
    for (const [path, part] of refused) {
      assertStringIncludes(await refusal(() => checkWritable(path, [`${folder}/file`])), part);
    }
    assertEquals(await namesIn(folder), ["file"]);
  }));

Deno.test("writeOutput() writes all of it and leaves nothing else", () =>
  inFolder(async (folder) => {
    const text = "ü🔥".repeat(100_000);
    assertEquals(await writeOutput(`${folder}/r.txt`, text), null);
    assertEquals(await Deno.readTextFile(`${folder}/r.txt`), text);
    assertEquals(await writeOutput(`${folder}/r.txt`, "shorter"), null);
    assertEquals(await Deno.readTextFile(`${folder}/r.txt`), "shorter");
    assertEquals(await namesIn(folder), ["r.txt"]);
  }));

Deno.test("writeOutput() keeps the mode of a file and the link that leads to it", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/real.txt`, "old", { mode: 0o640 });
    await Deno.symlink(`${folder}/real.txt`, `${folder}/link.txt`);
    assertEquals(await writeOutput(`${folder}/link.txt`, "new"), null);
    assertEquals(await Deno.readTextFile(`${folder}/real.txt`), "new");
    assert((await Deno.lstat(`${folder}/link.txt`)).isSymlink);
    assertEquals((await Deno.stat(`${folder}/real.txt`)).mode! & 0o777, 0o640);
  }));

Deno.test("writeOutput() tells why when the disk is full or the folder has gone", () =>
  inFolder(async (folder) => {
    assertEquals(
      await writeOutput("/dev/full", "text"),
      'Cannot write to "/dev/full" as it must be writable: No space left on device.',
    );
    assertEquals(
      await writeOutput(`${folder}/gone/r.txt`, "text"),
      `Cannot write to "${folder}/gone/r.txt" as its folder must exist: there is none.`,
    );
    assertEquals(await writeOutput("/dev/null", "text"), null);
    assert((await Deno.stat("/dev/null")).isCharDevice, "a device is written to, not replaced");
  }));

Deno.test("checkWritable() refuses a disk and a socket, and takes a pipe and a device without touching them", {
  ignore: Deno.build.os !== "linux",
}, () =>
  inFolder(async (folder) => {
    using _socket = Deno.listen({ transport: "unix", path: `${folder}/socket` });
    assertStringIncludes(await refusal(() => checkWritable(`${folder}/socket`)), "it is a socket");
    await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
    await checkWritable(`${folder}/pipe`);
    await checkWritable("/dev/null");
  }));

Deno.test("checkWritable() says what a shell does with ~, and quotes a folder that has a space", () =>
  inFolder(async (folder) => {
    assertStringIncludes(await refusal(() => checkWritable("~none/r.json")), "Write $HOME for ~");
    assertStringIncludes(await refusal(() => checkWritable(`${folder}/a b/r.json`)), `mkdir -p '${folder}/a b'`);
  }));

Deno.test("checkWritable() names a task that may write below /dev: to read and write everywhere is not enough there", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  const module = import.meta.resolve("../../../src/cli/terminal/output.ts");
  await Deno.writeTextFile(
    script,
    `import { checkWritable } from ${JSON.stringify(module)};
    await checkWritable("/dev/shm/s.csv").catch(({ message, hint }) => console.log(message, hint));`,
  );
  const args = ["run", "--no-config", "--no-prompt", "--allow-read", "--allow-write", script];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  await Deno.remove(script);
  assertStringIncludes(new TextDecoder().decode(stdout), "deno task start");
});
