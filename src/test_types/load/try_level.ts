import type { Session } from "../../measure/session.ts";
import { observationsNeeded } from "../../objectives/observations_needed.ts";
import { evaluateObjectives, overallVerdict } from "../../objectives/evaluate_objectives.ts";
import type { CapacityProbe } from "../../results/kinds/load.ts";
import type { Objective, ObjectiveOutcome } from "../../results/objective.ts";
import { isOpen, type Window } from "../../results/window/window.ts";
import { figureOf, type TrialTime } from "./trial_time.ts";

/** Of what is left of the progress of a search, the part that one more trial is taken for. */
const TRIAL_SHARE = 0.2;

/** What the trials of a search share. */
export interface Search {
  /** The test. */
  readonly session: Session;
  /** What must hold. */
  readonly objectives: readonly Objective[];
  /** Time of its trials. */
  readonly time: TrialTime;
  /** Progress of the test when a trial begins, 0 to 1. */
  readonly progress: () => number;
}

/**
 * The progress of a search of which nobody knows how many trials it needs: each takes a part of what is left.
 *
 * @param from Where the search begins, 0 to 1.
 * @param to Where it ends.
 */
export function progressOf(from: number, to: number): () => number {
  let left = 1;
  return () => {
    const at = to - (to - from) * left;
    left *= 1 - TRIAL_SHARE;
    return at;
  };
}

/**
 * Tries a level, and again for longer where that was unclear and there is time.
 *
 * @param search What its trials share.
 * @param stage The level in words, for the progress.
 * @param level What is tried.
 * @param run Offers it; a factor says how many times longer than usual.
 * @param isTold Whether a second run can tell more. @default {() => true}
 */
export async function tryLevel(
  { session, objectives, time, progress }: Search,
  stage: string,
  level: number,
  run: (level: number, factor: number) => Promise<Window>,
  isTold: (window: Window) => boolean = () => true,
): Promise<CapacityProbe> {
  session.progress(`objectives at ${stage}`, progress());
  const startMs = session.elapsedMs();
  let factor = 1;
  for (let runs = 1;; runs++) {
    const window = await run(level, factor);
    const { saturated = false, clientLimited } = window;
    const outcomes = evaluateObjectives(objectives, window);
    const shown = { level, outcomes, saturated, runs, ...clientLimited && { clientLimited: true as const } };
    if (window.lost !== undefined) return { ...shown, verdict: "unclear" };
    // Times that the client made longer say nothing of the server, however long they are measured; failures are its own.
    if (clientLimited && !failsMore(outcomes)) {
      return { ...shown, verdict: overallVerdict(outcomes) === "met" && saturated === false ? "met" : "unclear" };
    }
    // Beyond saturation figures tell only how long was measured, and what may lie beyond it promises nothing.
    const own = saturated ? "missed" : overallVerdict(outcomes);
    // What was due and waited when it was cut may have missed.
    const isUnsure = saturated === null || (isOpen(window) && window.cutShort === true);
    const verdict = isUnsure && own === "met" ? "cannot tell" : own;
    if (verdict !== "cannot tell") return { ...shown, verdict };
    factor = time.again(longerBy(outcomes), window.durationMs);
    const isLast = runs === 2 || !time.isLeftFor(factor * (session.elapsedMs() - startMs)) || !isTold(window);
    if (isLast || session.partial !== null) return { ...shown, verdict: "unclear" };
  }
}

function failsMore(outcomes: readonly ObjectiveOutcome[]): boolean {
  return outcomes.some(({ verdict, objective: { metric } }) => metric === "errors" && verdict === "missed");
}

/** How many times more requests would bring the ends of intervals that are missing. */
function longerBy(outcomes: readonly ObjectiveOutcome[]): number {
  return Math.max(
    1,
    ...outcomes.map((outcome) => {
      const { objective, measured } = outcome;
      if (measured === null || !lacksEnd(outcome)) return 1;
      const quantile = figureOf(objective)?.quantile;
      const needed = observationsNeeded(measured, objective.limit, quantile === undefined ? {} : { quantile });
      return needed === null ? 1 : needed / measured.n;
    }),
  );
}

/** Whether an objective cannot be told as its figure has no interval on the side of the limit. */
function lacksEnd({ verdict, measured, objective: { limit } }: ObjectiveOutcome): boolean {
  if (verdict !== "cannot tell") return false;
  return measured === null || (measured.value < limit ? measured.high : measured.low) === null;
}

/**
 * Whether nothing but requests was missing to tell: where they are slow, at lower levels fewer are sent.
 *
 * @param probe The trial.
 */
export function lacksRequests({ verdict, outcomes }: CapacityProbe): boolean {
  return verdict === "unclear" && outcomes.some(lacksEnd) &&
    outcomes.every((outcome) => outcome.verdict === "met" || lacksEnd(outcome));
}
