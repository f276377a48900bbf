import type { LevelShift } from "../../src/results/window/level_shift.ts";
import { type Observation, verdictOf } from "./observation.ts";
import type { ServerBehaviour } from "./server_behaviour.ts";

/**
 * Whether a server whose first requests are slow is told to have been warming up, or what is shown holds none of them; and
 * that one which is not is not. The moment is right within a tenth.
 */
export function warmUpVerdict(
  { warmUp }: ServerBehaviour,
  { shifts = [], cutRequests }: { readonly shifts?: readonly LevelShift[]; readonly cutRequests: number },
): Observation {
  const [shift] = shifts;
  if (warmUp?.falls !== "at-once") return verdictOf("level shift", shift === undefined, shift?.cause ?? null);
  const isPlaced = shift !== undefined && shift.lastBefore <= 1.1 * warmUp.requests &&
    shift.firstAfter >= 0.9 * warmUp.requests;
  return verdictOf("level shift", shift === undefined ? cutRequests > 0 : isPlaced, shift?.cause ?? null);
}
