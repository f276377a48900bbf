import { assertEquals, assertRejects } from "@std/assert";
import { openTokenizer } from "../../../src/cli/tokenizer/open_tokenizer.ts";
import { UsageError } from "../../../src/core/errors.ts";
import { fromFileUrl } from "../paths.ts";
import { tokenizerFolder } from "./tokenizer_file.ts";

const HOLDER = fromFileUrl(import.meta.resolve("./holds_tokenizer.ts"));
const CONFIG = fromFileUrl(import.meta.resolve("../../../deno.json"));

/** Processes of tokenizers that the folder holds. */
async function tokenizersOf(folder: string): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,args="] }).output();
  return new TextDecoder().decode(stdout).split("\n")
    .filter((line) => line.includes(folder) && line.includes("tokenizer/main.ts"))
    .map((line) => Number.parseInt(line));
}

Deno.test("a tokenizer outlives Ctrl-C in a terminal, and ends with who opened it, even if that is killed", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const folder = await tokenizerFolder();
  try {
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--config", CONFIG, HOLDER, folder],
      stdin: "piped",
      stdout: "piped",
      detached: true, // in a group of its own, as a terminal gives it
    }).spawn();
    const said = holder.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assertEquals((await said.read()).value, "open\n");
    assertEquals((await tokenizersOf(folder)).length, 1);
    await new Deno.Command("kill", { args: ["-INT", "--", `-${holder.pid}`] }).output();
    assertEquals((await said.read()).value, "interrupted\n");
    const writer = holder.stdin.getWriter();
    await writer.write(new TextEncoder().encode("\n"));
    assertEquals((await said.read()).value, "2\n");
    holder.kill("SIGKILL");
    await holder.status;
    await Promise.all([said.cancel(), writer.close().catch(() => {})]);
    while ((await tokenizersOf(folder)).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openTokenizer() is given up while it is being opened", async () => {
  const folder = await tokenizerFolder();
  try {
    const controller = new AbortController();
    const opening = assertRejects(() => openTokenizer(folder, controller.signal), UsageError);
    while ((await tokenizersOf(folder)).length === 0);
    controller.abort();
    await opening;
    assertEquals(await tokenizersOf(folder), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
