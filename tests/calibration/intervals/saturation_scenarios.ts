import type { BasicOptions } from "../../../src/measure/settings/options.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import type { Measure } from "../measure.ts";
import { numberOf, verdictOf } from "../observation.ts";
import type { ServerBehaviour } from "../server_behaviour.ts";
import { meanOf } from "../service_time.ts";

/** Offered load as a share of what the server can do; its name, and how long. */
const LOADS: readonly (readonly [share: number, seconds: number])[] = [
  [0.5, 2],
  [0.8, 5],
  [0.98, 5],
  [1.02, 5],
  [1.05, 5],
  [1.1, 5],
  [0.98, 20],
  [1.02, 20],
  [1.05, 20],
  [1.1, 20],
  [1.3, 2],
  [1.5, 2],
];

type Served = ServerBehaviour & { readonly workers: number };

const SERVERS: Readonly<Record<string, Served>> = {
  "one-worker": { service: { kind: "exponential", meanMs: 5 }, workers: 1 },
  "four-workers": { service: { kind: "exponential", meanMs: 20 }, workers: 4 },
};

/** Whether a server is rightly said to keep up with a load, or not to. */
function measureKeepingUp({ service, workers }: Served, share: number, own: BasicOptions): Measure {
  const ratePerSecond = share * 1000 * workers / meanOf(service);
  return async (target, options) => {
    const result = await runBasicTest(target, { arrivals: "poisson", ratePerSecond, ...own, ...options });
    const { saturated = null, requestsPerSecond } = result;
    return [
      verdictOf("saturated", saturated === null ? null : saturated === share > 1, saturated),
      ...(share < 1 ? [numberOf("requests/s", ratePerSecond, requestsPerSecond)] : []),
    ];
  };
}

/** Open loops from half to one and a half times of what a server can do, and closely below and above it. */
export const SATURATION_SCENARIOS = Object.entries(SERVERS).flatMap(([server, behaviour]) =>
  LOADS.map(([share, seconds]) => ({
    name: `${server}-at-${Math.round(100 * share)}-percent-for-${seconds}s`,
    behaviour,
    measure: measureKeepingUp(behaviour, share, { durationMs: 1000 * seconds }),
  }))
);
