import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { checkWritable, readInputData, writeOutput } from "../../src/cli/output.ts";
import { UsageError } from "../../src/core/errors.ts";

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

Deno.test("checkWritable() refuses a path that cannot be written, and says why", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const refused: [string, string][] = [
      [folder, "it must be a file: it is a folder"],
      [`${folder}/none/r.json`, `its folder must exist: there is none | Create it first: mkdir -p ${folder}/none`],
      [`${folder}/file/r.json`, "its folder must be one: it is a file"],
      ["/proc/r.json", 'Cannot write to "/proc/r.json" as '],
      [`${folder}/${"x".repeat(300)}`, "it must be writable: File name too long"],
    ];
    for (const [path, part] of refused) assertStringIncludes(await refusal(() => checkWritable(path)), part);
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

Deno.test("readInputData() reads items by the ending of the file", () =>
  inFolder(async (folder) => {
    const image = [[[0.1, 0.2]], [[0.3, 0.4]]];
    const files: [string, string, unknown][] = [
      ["a.json", '["one", {"a": 1}, [1, 2], 3]', ["one", { a: 1 }, [1, 2], 3]],
      ["b.json", '{"a": [1]}', [{ a: [1] }]],
      ["c.JSON", '"one text"', ["one text"]],
      ["d.json", JSON.stringify([image]), [image]],
      ["e.json", '\ufeff[true, 1, "not all numbers"]', [true, 1, "not all numbers"]],
      ["f.jsonl", '[1, 2]\r\n\n"text"\n  {"a": null}\n7\n', [[1, 2], "text", { a: null }, 7]],
      ["g.txt", "first\r\n\n  second \n[1]\n", ["first", "  second ", "[1]"]],
    ];
    for (const [name, text, expected] of files) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      const spec = await readInputData(`${folder}/${name}`);
      assert(spec.kind === "samples");
      const values = spec.samples.map((item) => {
        assertEquals(item.kind, item.kind === "text" ? "text" : "json");
        return item.kind === "text" ? item.text : item.kind === "json" ? item.value : item;
      });
      assertEquals<unknown>(values, expected, name);
    }
  }));

Deno.test("readInputData() refuses what holds no items, and says why", () =>
  inFolder(async (folder) => {
    const files: [string, string | Uint8Array, string][] = [
      ["a.csv", "1,2", "it must end in .json, .jsonl or .txt: it does not"],
      ["a.json", "", "it must be JSON: Unexpected end"],
      ["b.json", "[1, NaN, x]", "it must be JSON: "],
      ["c.json", "[]", "it must hold at least one item: it is empty"],
      ["d.json", "[1, 2, true]", "it is one of 3 numbers, which are either one item or 3 | Write [[...]] for one item"],
      ["e.json", '["a", null]', "an item must be a value: item 2 is null"],
      ["f.jsonl", '{"a": 1}\n\n{"a": }\n', "line 3 must be JSON: Unexpected token"],
      ["g.jsonl", " \n", "it must hold at least one item"],
      ["h.txt", "\n\n", "it must hold at least one item"],
      ["i.txt", new Uint8Array([0x61, 0xff]), "it must be text in UTF-8"],
    ];
    for (const [name, content, part] of files) {
      const path = `${folder}/${name}`;
      await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
      const said = await refusal(() => readInputData(path));
      assertStringIncludes(said, `Cannot read the items of "${path}" as `);
      assertStringIncludes(said, part);
    }
    assertStringIncludes(await refusal(() => readInputData(`${folder}/none.txt`)), "it must be a file: there is none");
    await Deno.mkdir(`${folder}/folder.txt`);
    assertStringIncludes(await refusal(() => readInputData(`${folder}/folder.txt`)), "it is a folder");
  }));
