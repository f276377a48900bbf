import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { parseWrk } from "../../../tasks/agreement/wrk.ts";

const recorded = (name: string) => Deno.readTextFile(new URL(`recorded/${name}`, import.meta.url));

Deno.test("parseWrk() reads the script's line in a recorded output, in ms", async () => {
  const { requestsPerSecond, ...latencies } = parseWrk(await recorded("wrk.txt"));
  // As wrk itself says in the same output.
  assertAlmostEquals(requestsPerSecond, 477.19, 0.01);
  assertEquals(latencies, { p50Ms: 3.919, p95Ms: 6.542, p99Ms: 9.793 });
});

Deno.test("parseWrk() refuses an output with failed requests, and one without the line", async () => {
  const failed = await recorded("wrk_failed.txt");
  assertThrows(() => parseWrk(failed), RangeError, "4621 failed");
  assertThrows(() => parseWrk("unable to connect"), RangeError, "unable to connect");
});
