import type { Neighbour } from "./disturbances/neighbour.ts";
import type { Measure } from "./measure.ts";
import type { Observation } from "./observation.ts";
import type { ServerBehaviour } from "./server_behaviour.ts";

/** A server of known behaviour and the test that must find it out. */
export interface Scenario {
  /** Short, without spaces: it is typed on the command line. */
  readonly name: string;
  /** The test type. */
  readonly test: "basic" | "latency" | "throughput" | "scalability" | "memory" | "streams";
  /** What the server does; may depend on the seed where the place of an event does. */
  readonly behaviour: (seed: number) => ServerBehaviour;
  /** The test, and the truth beside what it says. */
  readonly measure: Measure;
  /** Who else uses the client's cores. @default {nobody} */
  readonly neighbour?: Neighbour;
  /** One run over real HTTP. @default {against a truth server of the behaviour} */
  readonly observeReally?: (seed: number) => Promise<readonly Observation[]>;
  /** Where it means something. @default {in virtual time and over real HTTP} */
  readonly only?: "virtual" | "real";
}

/**
 * A scenario whose server does the same whatever the seed.
 *
 * @param test The test type.
 * @param name See {@linkcode Scenario}.
 * @param behaviour What the server does.
 * @param measure The test, and the truth beside what it says.
 */
export function fixed(
  test: Scenario["test"],
  name: string,
  behaviour: ServerBehaviour,
  measure: Measure,
): Scenario {
  return { name, test, behaviour: () => behaviour, measure };
}

/** What a real process of the calibration does not do: it has no GPU, and its memory is what it takes. */
export function virtual(scenario: Scenario): Scenario {
  return { ...scenario, only: "virtual" };
}
