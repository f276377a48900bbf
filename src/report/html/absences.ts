import { KINDS, resultsOf, sidesOf, type TestResults } from "../../results/kinds.ts";
import { COMPREHENSIVE_KINDS } from "../../results/comprehensive_kinds.ts";
import { fieldInWords } from "../../words/absences.ts";
import { enumerate } from "../../words/words.ts";
import { type Block, fact, facts, subheading } from "../sections/block.ts";

/** What was not measured, and why. */
export function absencesList(tests: TestResults): Block[] {
  const left = COMPREHENSIVE_KINDS.filter((kind) => tests[kind] === undefined);
  const sides = sidesOf(tests);
  const explained = [
    ...resultsOf(tests).map(({ spec, result }) => ({ title: spec.title, absences: result.absences })),
    ...sides,
  ];
  const each = explained.flatMap(({ title, absences }) =>
    // As they stand in the results file, so that a page does not depend on the order of the measuring.
    Object.entries(absences)
      .toSorted(([a], [b]) => a < b ? -1 : 1)
      .map(([field, reason]) => ({ title, field, reason }))
  );
  const absent = [
    // What several tests lack for one reason is said once.
    ...Map.groupBy(each, ({ field, reason }) => `${field} ${reason}`).values().map((same) =>
      fact(`${enumerate(same.map(({ title }) => title))}, ${fieldInWords(same[0]!.field)}`, same[0]!.reason)
    ),
    ...(left.length === 0 || sides.length > 0
      ? []
      : [fact("Tests that are not in this report", enumerate(left.map((kind) => KINDS[kind].title.toLowerCase())))]),
  ];
  return absent.length === 0 ? [] : [subheading("What was not measured, and why"), facts(absent)];
}
