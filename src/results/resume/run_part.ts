import type { Environment } from "../environment.ts";
import type { ResultKind } from "../kinds.ts";
import type { CacheCheck } from "../kinds/cache_check.ts";
import type { PartialReason } from "../result_base.ts";

/** One part of a run that broke off and went on later: what was measured at one time. */
export interface RunPart {
  /** When it began, ISO 8601. */
  readonly startedAt: string;
  /** How long it took, ms. */
  readonly durationMs: number;
  /** The machine that measured it. */
  readonly environment: Environment;
  /** Results of it that stand. */
  readonly tests: readonly ResultKind[];
  /** Tests that it had begun and that a later part measured anew: what it had measured of them does not count. */
  readonly dropped: readonly ResultKind[];
  /** Why it ended early; `null` of the last part of a run that is whole. */
  readonly ended: PartialReason | null;
  /** Whether answers came from a cache; left out where the basic test, which says it too, is of this part, or nobody looked. */
  readonly cache?: CacheCheck;
}
