import type { BasicOptions } from "../../../src/measure/settings/options.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { accounted } from "../client_account.ts";
import { latencyNumbers, type Measure, measureBasic, measureQueue, spansOf } from "../measure.ts";
import { numberOf, verdictOf } from "../observation.ts";
import type { ServerBehaviour } from "../server_behaviour.ts";
import type { ServiceTime } from "../service_time.ts";
import { manyWorkersTruth } from "./many_workers.ts";

/** A server and the test that finds out how surely its numbers are known. */
interface IntervalScenario {
  readonly name: string;
  readonly behaviour: ServerBehaviour;
  readonly measure: Measure;
}

const noisy: ServiceTime = { kind: "lognormal", meanMs: 10, variation: 0.3 };
const heavy: ServiceTime = { kind: "lognormal", meanMs: 10, variation: 1 };
const bimodal: ServiceTime = { kind: "bimodal", fastMs: 8, slowMs: 40, slowShare: 0.1 };
const oneWorker = { service: { kind: "exponential", meanMs: 5 }, workers: 1 } as const;
const fourWorkers = { service: { kind: "exponential", meanMs: 10 }, workers: 4 } as const;

/** The open loop against several workers of exponential service times. */
function measureManyWorkers(own: BasicOptions & { readonly ratePerSecond: number }): Measure {
  return async (target, options, settle) => {
    const result = await runBasicTest(target, { arrivals: "poisson", ...own, ...options });
    const behaviour = await settle(undefined, spansOf(result, result));
    const { service, workers, overheadsMs } = behaviour;
    if (service.kind !== "exponential") {
      throw new TypeError("Cannot tell the truth as service times must be exponential");
    }
    const truth = manyWorkersTruth(service.meanMs, workers ?? 1, own.ratePerSecond, overheadsMs);
    return [
      numberOf("requests/s", own.ratePerSecond, result.requestsPerSecond),
      ...latencyNumbers("", accounted(result).latencyMs, truth),
      verdictOf("saturated", result.saturated === null ? null : result.saturated === false, result.saturated),
    ];
  };
}

/** Of a few requests, of queues in front of open loops, of levels that shift, and without a stop rule. */
export const INTERVAL_SCENARIOS: readonly IntervalScenario[] = [
  {
    name: "poisson-80-percent-20s",
    behaviour: oneWorker,
    measure: measureQueue({ ratePerSecond: 160, durationMs: 20e3 }),
  },
  { name: "poisson-95-percent", behaviour: oneWorker, measure: measureQueue({ ratePerSecond: 190 }) },
  { name: "four-workers-50-percent", behaviour: fourWorkers, measure: measureManyWorkers({ ratePerSecond: 200 }) },
  { name: "four-workers-80-percent", behaviour: fourWorkers, measure: measureManyWorkers({ ratePerSecond: 320 }) },
  { name: "four-workers-95-percent", behaviour: fourWorkers, measure: measureManyWorkers({ ratePerSecond: 380 }) },
  { name: "requests-5", behaviour: { service: heavy }, measure: measureBasic({ requests: 5 }) },
  { name: "requests-20", behaviour: { service: heavy }, measure: measureBasic({ requests: 20 }) },
  { name: "requests-100", behaviour: { service: heavy }, measure: measureBasic({ requests: 100 }) },
  {
    name: "failing-1-percent",
    behaviour: { service: noisy, failureRate: 0.01 },
    measure: measureBasic({ concurrency: 4 }),
  },
  // Runs of fast and of slow requests that no queue explains: two populations, or levels that shift.
  {
    name: "shifting-levels",
    behaviour: { service: noisy, slowRuns: { factor: 1.5, requests: 20 } },
    measure: measureBasic(),
  },
  // The same as the scenarios without "-unstopped", but for the stop rule: so many requests, whatever they show.
  { name: "lognormal-unstopped", behaviour: { service: heavy }, measure: measureBasic({ requests: 500 }) },
  { name: "bimodal-unstopped", behaviour: { service: bimodal }, measure: measureBasic({ requests: 500 }) },
  {
    name: "autocorrelated-unstopped",
    behaviour: { service: noisy, autocorrelation: 0.8 },
    measure: measureBasic({ requests: 500 }),
  },
  {
    name: "one-worker-queue-unstopped",
    behaviour: oneWorker,
    measure: measureBasic({ requests: 1500, concurrency: 8 }),
  },
];
