import type { ArrivalPattern } from "../results/window/load.ts";

/** What a test is going to ask of the server, as far as its options alone say it. */
export interface Plan {
  /** By the names that the kind of its result gives in `asked`; what only the server decides is left out. */
  readonly asked: Readonly<Record<string, unknown>>;
  /** The arrivals of an open loop, each of its levels; empty where the test finds them itself, left out in a closed loop. */
  readonly arrivals?: readonly ArrivalPattern[];
}
