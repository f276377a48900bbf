import { assertEquals } from "@std/assert";
import { serverTimeFacts } from "../../../../src/report/sections/window/server_time.ts";
import { base } from "../../../results/result_base.ts";

Deno.test("serverTimeFacts() says why the times of a server are more than the mean latency", () => {
  const server = { requests: 4, queueMs: 80.5, computeMs: 2520, executions: null, meanBatch: null, source: "metrics" };
  const shown = (restMs: number | null) => {
    const [goes] = serverTimeFacts(base, { ...server, restMs });
    return JSON.stringify(goes).includes(
      "more than the mean latency, as other requests at the window's edges are counted",
    );
  };
  assertEquals([shown(null), shown(7)], [true, false]);
});
