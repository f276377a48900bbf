import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { tellWait } from "../../../src/core/patience/tell_wait.ts";

Deno.test("tellWait() tells how long something takes until it ends, either way", async () => {
  const told: string[] = [];
  const wait = { what: "loading m", mostMs: 120_000, everyMs: 1, tell: (text: string) => void told.push(text) };
  const seen = Promise.withResolvers<number>();
  const asked = tellWait({ ...wait, tell: (text) => (wait.tell(text), seen.resolve(1)) }, seen.promise);
  assertEquals(await asked, 1);
  assertGreater(told.length, 0);
  assertEquals(told[0], "loading m: 0 s of at most 120 s");
  await assertRejects(() => tellWait(wait, Promise.reject(new Error("refused"))), Error, "refused");
});
