import { assertEquals, assertRejects } from "@std/assert";
import { whenServing } from "../../../src/cli/commands/when_serving.ts";
import { TargetError } from "../../../src/core/errors.ts";
import type { LaunchedServer } from "../../../src/launch/launched_server.ts";
import { QUIET } from "./quiet_console.ts";

Deno.test("whenServing() asks again whatever passes, and not where authentication is wanted", async () => {
  let told = 0;
  const server = {
    startTimeoutMs: 600_000,
    checkRunning: () => {},
    isOpen: () => Promise.resolve(true),
    tellOutput: () => Promise.resolve(void told++),
  } as unknown as LaunchedServer;
  const answers = [new TargetError("not yet"), new TargetError("401", { lasts: true }), new Error("asked once more")];
  const connect = () => Promise.reject(answers.shift());
  const { signal } = new AbortController();
  const error = await assertRejects(() => whenServing(server, connect, QUIET, signal), TargetError);
  assertEquals([error.message, told, answers.length], ["401", 1, 1]);
});
