import { assert, assertLess } from "@std/assert";
import { runComprehensive } from "../../src/test_types/comprehensive.ts";
import type { ServerBehaviour } from "../calibration/server_behaviour.ts";
import { openVirtualServer } from "../calibration/virtual_server.ts";

/** How long a comprehensive run may take on a server of 20 ms, s of virtual time. */
const MOST_S = 68;
/** The usual is below 20; a visit is repeated where two disagree, which depends on the seed. */
const MOST_QUICK_S = 22;

const common: Omit<ServerBehaviour, "service"> = {
  cold: { loadMs: 400, firstMs: 150, variation: 0.2 },
  memory: { baseBytes: 200e6, modelBytes: 100e6, leakBytes: 0, stepBytes: 2 ** 20, noiseBytes: 300e3 },
};
const steady = { kind: "uniform", meanMs: 20, halfWidth: 0.05 } as const;
const noisy = { kind: "lognormal", meanMs: 20, variation: 0.3 } as const;

const servers: readonly [name: string, behaviour: ServerBehaviour][] = [
  ["answers any number of requests at once", { ...common, service: steady }],
  ["works on one request at a time", { ...common, service: steady, workers: 1 }],
  ["takes now 15 ms and now 30", { ...common, service: noisy }],
];

for (const [does, behaviour] of servers) {
  for (const [quick, most] of [[false, MOST_S], [true, MOST_QUICK_S]] as const) {
    Deno.test(`${quick ? "a quick run" : "runComprehensive()"} ends within ${most} s on a server of 20 ms that ${does}`, async () => {
      const { clock, target } = openVirtualServer(behaviour, 1);
      const { durationMs, tests, partial } = await clock.run(runComprehensive(target, { clock, quick, seed: 1 }));
      assertLess(durationMs, 1000 * most);
      assert(partial === null && tests.memory!.growth !== null && tests["operating-points"] !== undefined);
      // In less time, but not by asking for less: what the answers rest on is as precise as ever.
      if (!quick) assert(tests.basic!.converged && tests["operating-points"]!.points[0]!.converged);
    });
  }
}
