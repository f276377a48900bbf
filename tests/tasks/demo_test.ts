import { assertEquals } from "@std/assert";
import { processTree } from "../../src/observe/process_tree.ts";
import { fromFileUrl } from "../cli/paths.ts";

const TASK = fromFileUrl(import.meta.resolve("../../tasks/demo.ts"));
const CONFIG = fromFileUrl(import.meta.resolve("../../tasks/deno.json"));

Deno.test("the demo ends with the code of a lost server, not of an interruption, where its server dies", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--config", CONFIG, TASK],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (!said.includes("BASIC test") && (said += piece).includes("BASIC test")) {
      for (const pid of await processTree(child.pid)) if (pid !== child.pid) Deno.kill(pid, "SIGKILL");
    }
  }
  assertEquals((await child.status).code, 3, said);
});
