import { assertEquals } from "@std/assert";
import type { LevelOptions } from "../../src/measure/settings/options.ts";
import { seededRandom } from "../../src/core/random.ts";
import type { Protocol } from "../../src/core/protocol.ts";
import type { Target } from "../../src/core/target.ts";
import {
  type Arrival,
  type Fate,
  simulatedProtocol,
  SimulatedServer,
  simulatedTarget,
} from "../load/simulated_server.ts";
import { VirtualClock } from "../load/virtual_clock.ts";

/** What a simulation is made of. */
export interface SimulationOptions {
  /** What becomes of a request; jitter comes on top. */
  readonly fate: (arrival: Arrival) => Fate;
  /** Parallel workers of the server. @default {Infinity} */
  readonly workers?: number;
  /** Capabilities of the server besides predicting. */
  readonly capabilities?: (clock: VirtualClock) => Partial<Protocol>;
  /** Half width of the uniform relative jitter of service times. @default {0.05} */
  readonly jitter?: number;
  readonly seed?: number;
  /** Whether real asynchronous work goes on while timers are set, for tests that end at a moment. @default {false} */
  readonly isFair?: boolean;
}

/** Runs a test against a simulated server in virtual time. None may leave a connection open. */
export async function simulateTest<O extends LevelOptions, R>(
  test: (target: Target, options?: O) => Promise<R>,
  options: NoInfer<O>,
  { fate, workers = Infinity, capabilities = () => ({}), jitter = 0.05, seed = 1, isFair = false }: SimulationOptions,
): Promise<R> {
  const clock = new VirtualClock(isFair);
  const random = seededRandom(seed);
  const server = new SimulatedServer(clock, (arrival) => {
    const fated = fate(arrival);
    if (fated.failure !== undefined) return fated;
    return { serviceMs: fated.serviceMs * (1 + jitter * (2 * random() - 1)) };
  }, workers);
  const target = simulatedTarget(server, { ...simulatedProtocol, ...capabilities(clock) });
  const result = await clock.run(test(target, { ...options, clock } as O));
  assertEquals(server.openLanes, 0, "every lane is closed");
  return result;
}
