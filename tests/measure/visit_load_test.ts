import { assertEquals } from "@std/assert";
import { seededRandom } from "../../src/core/random.ts";
import { withSession } from "../../src/measure/run_session.ts";
import { isKnown, visitLoad } from "../../src/measure/visit_load.ts";
import type { ResultKind } from "../../src/results/kinds.ts";
import { simulatedProtocol, SimulatedServer, simulatedTarget } from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

const load = { kind: "closed", concurrency: 1, batchSize: 1 } as const;
const BUDGET = { durationMs: 60_000, minimumMs: 0, minimumRequests: 0, warmUpRequests: 0 };

interface Case {
  readonly why: string;
  /** Requests of each visit, by the test that made it. */
  readonly visits: readonly (readonly [by: ResultKind, requests: number])[];
  /** Half width of the jitter of service times. */
  readonly jitter?: number;
  readonly expected: boolean;
}

const cases: readonly Case[] = [
  { why: "a load that another test knows well", visits: [["basic", 400]], expected: true },
  { why: "a load that nobody visited", visits: [], expected: false },
  { why: "a load that it visited itself", visits: [["scalability", 400]], expected: false },
  {
    why: "a load that it visited too",
    visits: [["basic", 400], ["scalability", 400]],
    expected: false,
  },
  { why: "a load of few requests", visits: [["basic", 4]], expected: false },
  { why: "a load that is noisy", visits: [["basic", 60]], jitter: 0.95, expected: false },
];

for (const { why, visits, jitter = 0.05, expected } of cases) {
  Deno.test(`isKnown() is ${expected} to the scalability test for ${why}`, async () => {
    const clock = new VirtualClock();
    const random = seededRandom(1);
    const server = new SimulatedServer(clock, () => ({ serviceMs: 10 * (1 + jitter * (2 * random() - 1)) }));
    const target = simulatedTarget(server, simulatedProtocol);
    await clock.run(withSession("scalability", target, { clock, quick: true }, undefined, async (session) => {
      let sum = 0;
      for (const [by, requests] of visits) {
        sum += requests;
        await visitLoad({ ...session, kind: by }, load, { ...BUDGET, requests: sum });
      }
      assertEquals(session.windows.of(load).map(({ by }) => by), visits.map(([by]) => by));
      assertEquals(isKnown(session, load), expected);
    }));
  });
}
