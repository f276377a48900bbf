import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { runLoadTest } from "../../../src/test_types/load/load.ts";
import { simulateTest } from "../../measure/simulation.ts";

Deno.test("measureCapacity() sends enough requests to show a rate of errors in one run, where none fails", async () => {
  let received = 0;
  const { capacity } = await simulateTest(
    runLoadTest,
    { rates: [20], arrivals: "constant", objectives: "errors<1%", quick: true },
    {
      fate: () => {
        received++;
        return { serviceMs: 10 };
      },
      workers: 1,
    },
  );
  const met = capacity!.concurrency.probes.filter(({ verdict }) => verdict === "met");
  assertGreater(met.length, 3);
  // A second run would mean that the first could not tell.
  assertEquals(met.filter(({ runs }) => runs > 1), []);
  assert(met.every(({ evidence }) => evidence[0]!.startsWith("errors<1%: met at 0 ")));
  const probes = [...capacity!.concurrency.probes, ...capacity!.rate.probes];
  assertLess(received, 1.5 * (10 * 1024 * 2 + 600 * probes.length), "and not many more");
});
