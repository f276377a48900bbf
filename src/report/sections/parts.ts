import type { Report } from "../../results/report.ts";
import { cutInWords } from "../../words/cut_in_words.ts";
import { say } from "../../words/inline.ts";
import { inlineTime } from "../../words/inline_quantity.ts";
import { enumerate } from "../../words/words.ts";
import { type Fact, fact } from "./block.ts";

/**
 * When what was measured of a run that broke off and went on.
 *
 * @param report What was measured.
 * @returns One fact a part; none where it ran in one go.
 */
export function partsFacts({ parts = [] }: Pick<Report, "parts">): Fact[] {
  return parts.map(({ startedAt, durationMs, tests, dropped, ended }, i) => {
    const whole = tests.length === 0 ? "nothing that stands" : enumerate(tests);
    const again = dropped.length === 0 ? "" : `; ${enumerate(dropped)} begun, and measured anew later`;
    const end = ended === null ? "" : `; ${cutInWords(ended)}`;
    return fact(
      `Part ${i + 1} of ${parts.length}`,
      say`${startedAt}, ${inlineTime(durationMs)}: ${whole}${again}${end}`,
    );
  });
}
