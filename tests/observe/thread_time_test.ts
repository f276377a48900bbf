import { assertGreater, assertGreaterOrEqual } from "@std/assert";
import { threadTime } from "../../src/observe/thread_time.ts";

Deno.test("threadTime() grows with what its own thread does, not with what another one does", async () => {
  const burn = "const end = performance.now() + 400; while (performance.now() < end); postMessage(0);";
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(burn)}`, { type: "module" });
  const before = threadTime();
  await new Promise((resolve) => worker.onmessage = resolve);
  worker.terminate();
  const waited = threadTime();
  for (const end = performance.now() + 400; performance.now() < end;);
  const worked = threadTime();
  assertGreater(worked.busyMs! - waited.busyMs!, waited.busyMs! - before.busyMs!);
});

Deno.test({
  name: "threadTime() knows on Linux how long the thread waited for a core",
  ignore: Deno.build.os !== "linux",
  fn: () => assertGreaterOrEqual(threadTime().starvedMs ?? 0, 0),
});
