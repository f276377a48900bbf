import { TEST_KINDS, type TestResults } from "../../results/result.ts";
import { fieldInWords } from "../../words/absences.ts";
import { enumerate } from "../../words/words.ts";
import { type Block, fact, facts, subheading } from "../sections/block.ts";
import { RESULT_KINDS, type ResultKind, SECTION_NAMES } from "../sections/section_names.ts";

/** What was not measured, and why. */
export function absencesList(tests: TestResults): Block[] {
  const left = TEST_KINDS.filter((kind) => tests[kind] === undefined);
  const absent = [
    ...RESULT_KINDS.flatMap((kind) =>
      Object.entries(tests[kind]?.absences ?? {}).map(([field, reason]) =>
        fact(`${SECTION_NAMES[kind]}, ${fieldInWords(field)}`, reason)
      )
    ),
    ...(left.length === 0 ? [] : [fact("Tests that are not in this report", enumerate(left.map(nameOf)))]),
  ];
  return absent.length === 0 ? [] : [subheading("What was not measured, and why"), facts(absent)];
}

const nameOf = (kind: ResultKind) => SECTION_NAMES[kind].toLowerCase();
