import { assertEquals } from "@std/assert";
import { sectionsOf } from "../../../src/report/sections/section_of.ts";
import { pageText } from "../../../src/report/text/page_text.ts";
import { RESULT_KINDS } from "../../../src/results/kinds.ts";
import type { TestResults } from "../../../src/results/result.ts";
import { EVERY_RESULT } from "../../results/every_result.ts";
import { limited } from "../../results/window/limited.ts";

/** A result whose requests were all held against limits. */
function withGoodput(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withGoodput);
  if (part === null || typeof part !== "object") return part;
  const members = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, withGoodput(value)]));
  return "requestsPerSecond" in part && "errorRate" in part ? { ...members, ...limited() } : members;
}

Deno.test("every kind tells a goodput that was asked for", () => {
  const silent = RESULT_KINDS.filter((kind) => {
    const results = { [kind]: withGoodput(EVERY_RESULT[kind][0]) } as TestResults;
    return !pageText(sectionsOf(results).flatMap(({ blocks }) => blocks)).includes("Goodput");
  });
  assertEquals(silent, []);
});
