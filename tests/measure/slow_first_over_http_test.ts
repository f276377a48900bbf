import { assert } from "@std/assert";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { startRealServer } from "../calibration/real_server.ts";
import { assertHonest, SLOW, SLOW_REQUESTS } from "./slow_first.ts";

// Not among the tests that run beside others: what these take from the machine is no slowness of the server.
Deno.test("runBasicTest() does not show the first requests of a real server that was slow for them", async () => {
  await using server = await startRealServer(SLOW, 1);
  const tests = { basic: await runBasicTest(server.target, {}) };
  const { served } = await server.log();
  const warm = served.slice(SLOW_REQUESTS).map(({ actualMs }) => actualMs).sort((a, b) => a - b);
  assert(warm.length > 50, `only ${served.length} requests were sent`);
  assertHonest(tests, warm[warm.length >> 1]!);
});
