import { assertEquals, assertRejects } from "@std/assert";
import { readTrace } from "../../../src/cli/inputs/trace.ts";
import { UsageError } from "../../../src/core/errors.ts";

async function traceOf(content: string | Uint8Array): Promise<number[]> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    return await readTrace(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readTrace() reads seconds, one a line, and passes over blank lines and remarks", async () => {
  assertEquals(await traceOf("# recorded\n0\n0.5 # burst\r\n\n0.5\n1e1\n"), [0, 500, 500, 10_000]);
});

Deno.test("readTrace() says what is wrong with a file, and where", async () => {
  const rows: readonly [content: string | Uint8Array, words: string][] = [
    ["# nothing\n", "it must hold at least one moment: it is empty"],
    ["1\nsoon\n", 'each line must be a number of seconds: line 2 is "soon"'],
    ["2\n\n1\n", "moments must be ascending: line 3 is before the one above it"],
    [Uint8Array.of(0xff, 0xfe), "it must be text in UTF-8"],
  ];
  for (const [content, words] of rows) await assertRejects(() => traceOf(content), UsageError, words);
  await assertRejects(() => readTrace("/nonexistent.txt"), UsageError, "it must be a file: there is none");
  await assertRejects(() => readTrace("/"), UsageError, "it must be a file: it is a folder");
});
