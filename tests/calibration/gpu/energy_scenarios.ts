import type { BasicOptions } from "../../../src/measure/settings/options.ts";
import type { GpuSource } from "../../../src/observe/gpu/gpu_source.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { FakeGpuSource } from "../../observe/gpu/fake_gpu_source.ts";
import type { VirtualClock } from "../../load/virtual_clock.ts";
import type { Measure } from "../measure.ts";
import { numberOf } from "../observation.ts";
import type { EnergyBehaviour, ServerBehaviour } from "../server_behaviour.ts";
import type { ServiceTime } from "../service_time.ts";
import { levelTruth } from "../truth.ts";

/** What a GPU has taken: its power at rest, and for each item what it costs, evenly while it is worked on. */
export class EnergyModel {
  readonly #behaviour: EnergyBehaviour;
  #done = 0;
  #working: { readonly fromMs: number; readonly toMs: number; readonly joules: number }[] = [];

  constructor(behaviour: EnergyBehaviour) {
    this.#behaviour = behaviour;
  }

  /** A request begins. */
  serve(nowMs: number, serviceMs: number, items: number): void {
    this.#working.push({ fromMs: nowMs, toMs: nowMs + serviceMs, joules: items * this.#behaviour.joulesPerItem });
  }

  /** Its counter, which moves in steps, and its power. */
  source(clock: VirtualClock): GpuSource {
    const { counterMs, idleWatts } = this.#behaviour;
    const at = (nowMs: number) => {
      const countedMs = counterMs === null ? 0 : counterMs * Math.floor(nowMs / counterMs);
      const watts = this.#working.filter(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs)
        .reduce((sum, { fromMs, toMs, joules }) => sum + 1000 * joules / (toMs - fromMs), idleWatts);
      return [{ joules: counterMs === null ? null : this.#joulesAt(countedMs), powerWatts: watts }];
    };
    return new FakeGpuSource({ clock, at });
  }

  /** Moments that are asked for never go back. */
  #joulesAt(atMs: number): number {
    const over = this.#working.filter(({ toMs }) => toMs <= atMs);
    this.#done += over.reduce((sum, { joules }) => sum + joules, 0);
    if (over.length > 0) this.#working = this.#working.filter(({ toMs }) => toMs > atMs);
    const underWay = this.#working.reduce(
      (sum, { fromMs, toMs, joules }) => sum + joules * Math.max(0, atMs - fromMs) / (toMs - fromMs),
      0,
    );
    return this.#behaviour.idleWatts * atMs / 1000 + this.#done + underWay;
  }
}

/** Energy of a prediction, power at rest included. */
function measureEnergy(own: BasicOptions): Measure {
  return async (target, options, settle) => {
    const { gpu } = await runBasicTest(target, { ...own, ...options });
    const behaviour = await settle();
    const { concurrency = 1, batchSize = 1 } = own;
    const { predictionsPerSecond } = levelTruth(behaviour, { concurrency, batchSize });
    const { joulesPerItem, idleWatts } = behaviour.energy!;
    return [
      numberOf(
        "energy a prediction",
        joulesPerItem + idleWatts / predictionsPerSecond,
        gpu?.energyPerPrediction ?? null,
      ),
    ];
  };
}

const noisy: ServiceTime = { kind: "lognormal", meanMs: 10, variation: 0.3 };
const energy = (counterMs: number | null): EnergyBehaviour => ({ joulesPerItem: 1.5, idleWatts: 125, counterMs });
const scenario = (name: string, behaviour: ServerBehaviour, own: BasicOptions = {}) => ({
  name: `energy-${name}`,
  behaviour,
  measure: measureEnergy(own),
});

/** Counters that move every 20 and every 100 ms, as those of real devices; at several loads; and power alone. */
export const ENERGY_SCENARIOS = [
  scenario("counter-20ms", { service: noisy, energy: energy(20) }),
  scenario("counter-100ms", { service: noisy, energy: energy(100) }),
  scenario("counter-100ms-batches", { service: noisy, energy: energy(100), batchFixedItems: 4 }, {
    concurrency: 4,
    batchSize: 8,
  }),
  scenario("counter-100ms-heavy", { service: { ...noisy, variation: 1 }, energy: energy(100) }),
  scenario("counter-100ms-quick", { service: noisy, energy: energy(100) }, { quick: true }),
  scenario("power-alone", { service: noisy, energy: energy(null) }, { concurrency: 4 }),
];
