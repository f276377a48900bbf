import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { metered } from "../../../../tasks/bench/clients/meter.ts";

Deno.test("metered() counts whole requests after a warm-up, and ends every loop", async () => {
  let sent = 0, ended = 0;
  const run = await metered(0.05, 3, async (answered) => {
    for (let goesOn = true; goesOn;) {
      const sentAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 1));
      sent++;
      goesOn = answered(sentAt);
    }
    ended++;
  });
  assertEquals(ended, 3);
  assertGreaterOrEqual(run.seconds, 0.05);
  assertGreaterOrEqual(run.requests, 1);
  // Those of the warm-up are not among them.
  assertGreaterOrEqual(sent, run.requests + 3);
});
