import { assertEquals, assertRejects } from "@std/assert";
import { writeWhole } from "../../../src/cli/terminal/write_whole.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const namesIn = async (folder: string) => (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

/** Runs a script that may be denied something or have a limit, with the function at hand. */
async function script(body: string, { shell = "", permissions = ["-A"] } = {}) {
  const module = import.meta.resolve("../../../src/cli/terminal/write_whole.ts");
  const code = `import { writeWhole } from ${JSON.stringify(module)}; ${body}`;
  const deno = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...permissions, "--ext=ts", "-"];
  const child = new Deno.Command("sh", {
    args: ["-c", `${shell} exec "$0" "$@"`, ...deno],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { code: exit, stdout, stderr } = await child.output();
  return { exit, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("writeWhole() follows a link whose file is not there yet", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/runs`);
    await Deno.symlink("runs/1.json", `${folder}/last.json`);
    await writeWhole(`${folder}/last.json`, "new");
    assertEquals(await Deno.readTextFile(`${folder}/runs/1.json`), "new");
    assertEquals(await Deno.readLink(`${folder}/last.json`), "runs/1.json");
    await Deno.symlink("circle", `${folder}/circle`);
    await assertRejects(() => writeWhole(`${folder}/circle`, "new"), Error);
  }));

Deno.test(
  "writeWhole() writes into a pipe as it is",
  { ignore: Deno.build.os === "windows" },
  () =>
    inFolder(async (folder) => {
      await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
      const reader = new Deno.Command("cat", { args: [`${folder}/pipe`], stdout: "piped" }).output();
      await writeWhole(`${folder}/pipe`, "text");
      assertEquals(new TextDecoder().decode((await reader).stdout), "text");
      assertEquals(await namesIn(folder), ["pipe"]);
    }),
);

Deno.test("writeWhole() takes a URL, and bytes", () =>
  inFolder(async (folder) => {
    await writeWhole(new URL(`file://${folder}/a%20b.json`), new Uint8Array([65]));
    assertEquals(await Deno.readTextFile(`${folder}/a b.json`), "A");
  }));

Deno.test("writeWhole() leaves the old file whole and nothing beside it where the disk is full", {
  ignore: Deno.build.os === "windows",
}, () =>
  inFolder(async (folder) => {
    const path = `${folder}/r.json`;
    await Deno.writeTextFile(path, "old");
    const body = `Deno.addSignalListener("SIGXFSZ", () => {});
      try { await writeWhole(${
      JSON.stringify(path)
    }, "x".repeat(5_000_000)); } catch (error) { console.log(error.message); }`;
    const { stdout, stderr } = await script(body, { shell: "ulimit -f 8192;" });
    assertEquals(stdout, "File too large (os error 27)\n", stderr);
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals(await namesIn(folder), ["r.json"]);
  }));

Deno.test("writeWhole() leaves nothing beside the file where the process is told to end meanwhile", () =>
  inFolder(async (folder) => {
    const path = `${folder}/r.json`;
    await Deno.writeTextFile(path, "old");
    const body = `void writeWhole(${JSON.stringify(path)}, "x".repeat(50_000_000));
      while (Array.from(Deno.readDirSync(${
      JSON.stringify(folder)
    })).length < 2) await new Promise((go) => setTimeout(go));
      Deno.exit(4);`;
    assertEquals((await script(body)).exit, 4);
    assertEquals(await Deno.readTextFile(path), "old");
    assertEquals(await namesIn(folder), ["r.json"]);
  }));

Deno.test("writeWhole() needs no more than the permission to write the file itself", () =>
  inFolder(async (folder) => {
    const path = `${folder}/r.json`;
    const permissions = [`--allow-write=${path}`];
    const { exit, stderr } = await script(`await writeWhole(${JSON.stringify(path)}, "new");`, { permissions });
    assertEquals(exit, 0, stderr);
    assertEquals(await Deno.readTextFile(path), "new");
    assertEquals(await namesIn(folder), ["r.json"]);
  }));

Deno.test(
  "writeWhole() writes into a file whose folder takes no other",
  { ignore: Deno.build.os !== "linux" },
  () =>
    inFolder(async (folder) => {
      // Nobody but root is kept out of a folder by its mode.
      const asOther = Deno.uid() === 0 ? ["setpriv", "--reuid=65534", "--clear-groups"] : [];
      const path = `${folder}/r.json`;
      await Deno.writeTextFile(path, "old old old");
      await Deno.chmod(path, 0o666);
      await Deno.chmod(folder, 0o555);
      const shell = asOther.length > 0 ? `exec ${asOther.join(" ")} "$0" "$@";` : "";
      const { exit, stderr } = await script(`await writeWhole(${JSON.stringify(path)}, "new");`, { shell });
      await Deno.chmod(folder, 0o755);
      assertEquals(exit, 0, stderr);
      assertEquals(await Deno.readTextFile(path), "new");
      assertEquals(await namesIn(folder), ["r.json"]);
    }),
);
