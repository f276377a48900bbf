import { assertFalse, assertStringIncludes } from "@std/assert";
import { plotServerTime } from "../../src/plot/server_time.ts";
import { runBasicTest } from "../../src/test_types/basic.ts";
import { simulateTest } from "../measure/simulation.ts";

Deno.test("plotServerTime() shows what the server counted, part by part, where it counts", async () => {
  const result = await simulateTest(runBasicTest, { requests: 50 }, { fate: () => ({ serviceMs: 10 }) });
  assertFalse(plotServerTime(result).svg.includes("Counted by the server"));
  const server = {
    requests: 50,
    queueMs: 2,
    computeMs: 5,
    inputMs: 0.5,
    executions: 25,
    meanBatch: 2,
    restMs: 2.5,
  };
  const { svg } = plotServerTime({ ...result, server });
  for (const word of ["Counted by the server", "queue", "compute", "input", "rest, not counted", "5&#160;ms"]) {
    assertStringIncludes(svg, word);
  }
  assertFalse(svg.includes(">output<"), "it was not counted apart");
});
