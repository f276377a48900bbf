import { assertEquals, assertRejects } from "@std/assert";
import { whenReady } from "../../../src/cli/commands/when_ready.ts";
import { TargetError } from "../../../src/core/errors.ts";
import { naming, option, type OptionWords } from "../../../src/core/option_words.ts";
import { QUIET } from "./quiet_console.ts";

Deno.test("whenReady() keeps what can be done about the last failure, unless that is to wait", async () => {
  const hintOf = async (hint: OptionWords | undefined) => {
    const connect = () => Promise.reject(new TargetError("no", hint === undefined ? {} : { hint }));
    const options = { waitMs: 1, timeoutMs: 1, signal: new AbortController().signal };
    return (await assertRejects(() => whenReady(connect, QUIET, options), TargetError)).hint;
  };
  const longer = "If it needs longer, raise waitMs.";
  assertEquals(await hintOf(naming`Try ${option("access.tlsName", "a.example")}.`), "Try access.tlsName: a.example.");
  assertEquals([await hintOf(naming`Wait for it with ${option("waitMs")}.`), await hintOf(undefined)], [
    longer,
    longer,
  ]);
});
