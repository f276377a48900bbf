/** `deno task dev:soak` does the same for an hour. */
import { assertEquals } from "@std/assert";
import { soak } from "./soak.ts";

Deno.test("half a minute of faults is counted right on both sides", { ignore: Deno.build.os !== "linux" }, async () => {
  const seed = 1 + Math.floor(Math.random() * 2 ** 31);
  const { flaws } = await soak({ minutes: 0.5, seed });
  assertEquals(flaws, [], `seed ${seed}`);
});
