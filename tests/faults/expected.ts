import type { Expected, Fault, Hits, Mode, Reason, Script } from "./mode.ts";

/** What a row of modes may say besides. */
export type More = Partial<Omit<Mode, "name" | "does" | "fault" | "expected">> & {
  readonly hits?: Hits;
  /** What the results or stderr must say. */
  readonly says?: RegExp;
  readonly exit?: readonly number[];
  readonly exits?: Expected["exits"];
};

/** Every request that is hit fails, for one of the reasons. */
export function fails(reason: Reason | readonly Reason[], more: Pick<More, "says"> = {}) {
  return { reasons: typeof reason === "string" ? [reason] : reason, failing: "all", ...more } as const;
}

/** No request fails. */
export const SUCCEEDS = { reasons: [], failing: "none" } as const;

/** Requests that are hit fail all or none: a client may read such answers strictly or leniently. */
export function either(reason: Reason | readonly Reason[]) {
  return { reasons: typeof reason === "string" ? [reason] : reason, failing: "either" } as const;
}

/** Nothing is measured: the command says why and ends with 3. */
export const REFUSES = { reasons: [], failing: "any" } as const;

type Outcome = Pick<Expected, "reasons" | "failing" | "says">;

/** A mode whose fault lies in how predictions are answered. */
export function onPredictions(name: string, does: string, script: Script, outcome: Outcome, options: More = {}): Mode {
  const { hits = { share: "all", hit: () => true }, ...more } = options;
  return mode(name, does, { at: "predictions", hits, script }, outcome, more);
}

/** A mode whose fault lies in how other requests are answered. */
export function onCalls(
  [name, does, matching]: readonly [string, string, RegExp],
  script: Script,
  outcome: Outcome,
  options: More = {},
): Mode {
  const { hits = { share: "all", hit: () => true }, ...more } = options;
  return mode(name, does, { at: "calls", matching, hits, script }, outcome, more);
}

/** A mode of any fault; the exit code follows from what must fail, unless it is given. */
export function mode(name: string, does: string, fault: Fault, outcome: Outcome, options: More = {}): Mode {
  const { says, exit, exits, ...more } = options;
  const expected = { ...outcome, exit: exit ?? usualExit(fault, outcome), ...exits && { exits }, ...says && { says } };
  return { name, does, fault, expected, ...more };
}

function usualExit(fault: Fault, outcome: Outcome): readonly number[] {
  if (outcome === REFUSES) return [3];
  const share = fault.at === "port" ? "all" : fault.hits.share;
  if (outcome.failing === "none" || share !== "all") return [0];
  return outcome.failing === "all" ? [3] : [0, 3];
}
