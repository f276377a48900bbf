import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { makeKernelspec, VENV } from "./environment.ts";

const NOTEBOOKS = fileURLToPath(new URL("../../../notebooks/", import.meta.url));
const INTERRUPT = fileURLToPath(new URL("interrupt.py", import.meta.url));

Deno.test({
  name: "the stop button of a stock client ends a measurement with what it has, and the kernel and its server go on",
  ignore: VENV === undefined,
  async fn() {
    const folder = await makeKernelspec();
    const { success, stdout, stderr } = await new Deno.Command(`${VENV}/bin/python`, {
      args: [INTERRUPT, NOTEBOOKS],
      env: { NO_COLOR: "1", JUPYTER_PATH: folder },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    await Deno.remove(folder, { recursive: true });
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const [start, stopped, after, isAlive] = JSON.parse(new TextDecoder().decode(stdout)) as [
      string[],
      string[],
      string[],
      boolean,
    ];
    assertEquals(start, ["ok"]);
    assertEquals(stopped[0], "ok");
    assertMatch(stopped[1]!, /^throughput test stopped after \d+\.\d s$/);
    assertEquals(stopped[2], "interrupted");
    assertEquals(after, ["ok", "levels, true"]);
    assertEquals(isAlive, true);
  },
});
