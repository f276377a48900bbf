import { assertStringIncludes } from "@std/assert";
import { formatText } from "../../../src/report/text/format_text.ts";
import { scalabilityResult } from "../../results/kinds/scalability_result.ts";
import { capacityReport } from "../html/html_fixtures.ts";

Deno.test("of few requests Little's law cannot be told where the ends of a window alone take them that far", () => {
  const levels = scalabilityResult({ 4: 10, 8: 20 }).levels;
  const told = (succeeded: number) => {
    const scalability = scalabilityResult({}, {
      levels: levels.map((level) => ({ ...level, littlesLawRatio: 1.47, succeeded })),
    });
    return formatText({ ...capacityReport, tests: { scalability } }).replaceAll(/\s+/g, " ");
  };
  assertStringIncludes(told(6), "Little's Law: cannot tell at 4, 8: too few requests");
  assertStringIncludes(told(12), "Little's Law: off by more than 5% at 4 (1.47)");
  assertStringIncludes(told(800), "Little's Law: off by more than 5% at 4 (1.47), 8 (1.47)");
});
