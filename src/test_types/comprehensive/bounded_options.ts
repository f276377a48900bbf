import { defaultOf } from "../../measure/settings/default_of.ts";
import type { ComprehensiveOptions } from "../../measure/settings/options.ts";
import type { TestKind } from "../../results/comprehensive_kinds.ts";

/**
 * The options of the tests of a run: levels of many tests are shorter, so that all of them together take less than two
 * minutes.
 *
 * @param kinds The tests.
 * @param options As given.
 */
export function boundedOptions<Options extends ComprehensiveOptions>(
  kinds: readonly TestKind[],
  options: Options,
): Options {
  if (kinds.length === 1) return options;
  const { durationMs, requests, quick } = options;
  const given = durationMs !== undefined || requests !== undefined || quick === true;
  const within = given ? {} : { durationMs: defaultOf("durationMs", options, "comprehensive") };
  return { full: false, cacheCheck: true, ...options, ...within };
}
