import { createHash } from "node:crypto";
import type { Report } from "../../results/report.ts";

/**
 * What tells a run from others in a table of many: the same for the same results however often they are written. It begins
 * with a letter, so that no reader takes it for a number.
 *
 * @param report Results of the run.
 */
export function runId({ startedAt, command, seed, target, environment }: Report): string {
  const text = JSON.stringify([
    startedAt,
    command,
    seed,
    target.url,
    target.model,
    environment.host ?? environment.cpu,
  ]);
  return `run-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}
