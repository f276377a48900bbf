import type { Kind } from "../results/kinds/kind.ts";
import type { ResultBase } from "../results/result_base.ts";
import { isUsable } from "../results/window/usable.ts";
import { UNITS } from "../words/quantity.ts";
import { levelTitle } from "./kit/level_title.ts";
import type { ChartedLevel } from "./levels.ts";

/**
 * The windows of a result of any kind, but for those in which the server was lost, as they are drawn where the kind has no chart of its own.
 *
 * @param spec What is known of its kind.
 * @param result What was measured.
 */
export function windowLevels<R extends ResultBase>(spec: Kind<R>, result: R): ChartedLevel[] {
  const best = spec.best?.(result)?.window;
  return spec.windows(result).filter(({ window }) => window.lost === undefined).map(({ level, window }) => ({
    label: level === null ? spec.title : `${spec.axis?.label ?? ""} ${level}`.trim(),
    rate: window.requestsPerSecond,
    p95Ms: window.latencyMs?.p95 ?? null,
    converged: window.converged,
    clientLimited: window.clientLimited,
    isBest: window === best && isUsable(window),
    title: levelTitle(
      level === null ? spec.title : `${spec.axis?.label ?? ""} ${level}`.trim(),
      window,
      window.requestsPerSecond,
      UNITS.requestsPerSecond,
    ),
  }));
}
