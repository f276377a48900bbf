import { type Measure, measureBasic } from "../measure.ts";
import type { Scenario } from "../scenario.ts";
import type { ServiceTime } from "../service_time.ts";
import { measureCached, measureShift, measureTold } from "./measure_disturbed.ts";

const noisy: ServiceTime = { kind: "lognormal", meanMs: 10, variation: 0.3 };
const heavy: ServiceTime = { kind: "lognormal", meanMs: 10, variation: 1 };
const slow: ServiceTime = { kind: "lognormal", meanMs: 40, variation: 0.3 };
const SHIFTED_REQUESTS = 500;

/** Words of four letters and a blank. */
const bodyOf = (bytes: number) => ({ inputs: { kind: "text", words: bytes / 5 } }) as const;

const scenario = (
  name: string,
  behaviour: Scenario["behaviour"],
  measure: Scenario["measure"],
  more: Partial<Scenario> = {},
): Scenario => ({ name, test: "basic", behaviour, measure, ...more });

const without = (name: string, measure: Measure): Measure => async (...args) =>
  (await measure(...args)).filter((observation) => observation.name !== name);

const shifting = (factor: number) => (seed: number) => ({
  service: noisy,
  shift: { atRequest: 150 + seed * 37 % 200, factor },
});

/** What disturbs a measurement and is not the load: other users of the cores, words that lie, levels that shift, mixtures. */
export const DISTURBED_SCENARIOS: readonly Scenario[] = [
  scenario("busy-neighbour", () => ({ service: noisy }), measureBasic(), { neighbour: { burstMs: 8, restMs: 40 } }),
  scenario("busy-neighbour-slow", () => ({ service: slow }), measureBasic(), {
    neighbour: { burstMs: 30, restMs: 120 },
  }),
  scenario("tells-too-much", () => ({ service: noisy, tells: "too-much" }), measureTold()),
  scenario("tells-a-constant", () => ({ service: noisy, tells: "constant" }), measureTold()),
  scenario("tells-of-another", () => ({ service: noisy, tells: "another" }), measureTold()),
  scenario("shift-by-half", shifting(1.5), measureShift(SHIFTED_REQUESTS)),
  scenario("shift-to-half", shifting(0.5), measureShift(SHIFTED_REQUESTS)),
  scenario("shift-by-tenth", shifting(1.1), measureShift(SHIFTED_REQUESTS)),
  scenario("slow-replica", () => ({ service: noisy, replicas: { count: 4, factor: 3 } }), measureBasic()),
  scenario(
    "slow-replica-four-at-once",
    () => ({ service: noisy, replicas: { count: 3, factor: 2 } }),
    measureBasic({ concurrency: 4 }),
  ),
  scenario(
    "cold-processes",
    () => ({ service: noisy, processes: { count: 8, firstMs: 300 } }),
    // Of few requests more than one in a hundred is the first of a process: then their p99 is of these.
    without("p99 latency", measureBasic()),
  ),
  scenario("response-cache", () => ({ service: noisy, cacheHitMs: 1 }), measureCached()),
  scenario("response-cache-heavy", () => ({ service: heavy, cacheHitMs: 3 }), measureCached()),
  // In virtual time a body takes none.
  scenario("body-600KB", () => ({ service: noisy }), measureBasic(bodyOf(600e3)), { only: "real" }),
  scenario("body-600KB-four-at-once", () => ({ service: slow }), measureBasic({ ...bodyOf(600e3), concurrency: 4 }), {
    only: "real",
  }),
  scenario("body-10MB", () => ({ service: slow }), measureBasic(bodyOf(10e6)), { only: "real" }),
];
