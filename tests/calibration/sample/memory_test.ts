import { assertEquals } from "@std/assert";
import { scoresIn, testSample } from "./sample.ts";

testSample("memory");

Deno.test("a leak that can be told is not left at cannot tell", async () => {
  for (const name of ["leak-20KB", "leak-20KB-4MB-segments"]) {
    assertEquals((await scoresIn(name))("growth").missing, 0, name);
  }
});
