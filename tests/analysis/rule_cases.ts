import { assert } from "@std/assert";
import { analyze } from "../../src/analysis/analyze.ts";
import type { Finding } from "../../src/results/finding.ts";
import type { Recommendation } from "../../src/results/recommendation.ts";
import type { TestResults } from "../../src/results/result.ts";

type Code = Finding["code"] | Recommendation["code"];

/** Results, and what is or is not to be said of them. */
export interface RuleCase {
  readonly why: string;
  readonly tests: TestResults;
  readonly found?: Finding["code"];
  readonly notFound?: Finding["code"];
  readonly advised?: Recommendation["code"];
  readonly notAdvised?: Recommendation["code"];
}

/** Makes each case a test. */
export function testRules(cases: readonly RuleCase[]): void {
  for (const { why, tests, found, notFound, advised, notAdvised } of cases) {
    const expected = [found && `finds ${found}`, notFound && `no ${notFound}`, advised && `advises ${advised}`];
    const title = [...expected, notAdvised && `not ${notAdvised}`].filter(Boolean).join(", ");
    Deno.test(`analyze() ${title} for ${why}`, () => {
      const { findings, recommendations } = analyze(tests);
      const findingCodes: Code[] = findings.map(({ code }) => code);
      const adviceCodes: Code[] = recommendations.map(({ code }) => code);
      if (found) assert(findingCodes.includes(found), findingCodes.join());
      if (notFound) assert(!findingCodes.includes(notFound), findingCodes.join());
      if (advised) assert(adviceCodes.includes(advised), adviceCodes.join());
      if (notAdvised) assert(!adviceCodes.includes(notAdvised), adviceCodes.join());
    });
  }
}
