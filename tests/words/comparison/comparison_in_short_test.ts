import { assertEquals } from "@std/assert";
import { compare } from "../../../src/compare/compare.ts";
import { comparisonInShort } from "../../../src/words/comparison/comparison_in_short.ts";
import { plainText } from "../../../src/words/inline.ts";
import { basicResult } from "../../results/kinds/basic_result.ts";
import { measurement } from "../../results/window/windows.ts";
import { reportOf } from "../../report/report_of.ts";

const run = (rate: number, seed = 1) =>
  reportOf({ basic: basicResult({ ...measurement(rate, 1, 1) }) }, {
    startedAt: `2026-03-0${seed}T09:30:00.000Z`,
    seed,
  });
const short = (...[a, b]: Parameters<typeof compare>) => plainText(comparisonInShort(compare(a, b)));
const other = { ...run(60, 3), target: { ...run(60).target, model: "bert" } };

Deno.test("a comparison says in short what is worse or better and what may be why, with the figures of its table", () => {
  assertEquals(
    short(run(45.67), run(38, 2)),
    "The second is worse in throughput of the basic test -16.8% [-19.1, -14.4], median latency of the basic test +20.2% " +
      "[17.1, 23.4] and 1 more. In one number no difference was found. Of one number it cannot be told.",
  );
  assertEquals(
    short(run(38), other),
    "The second is better in throughput of the basic test +57.9% [53.5, 62.5], median latency of the basic test -36.7% " +
      "[-38.3, -35.0] and 1 more. In one number no difference was found. Of one number it cannot be told. " +
      "The runs also differ in model, which may be why.",
  );
  assertEquals(
    short(run(45.67), run(45.67, 2)),
    "No difference was found in 4 numbers. Of one number it cannot be told.",
  );
  assertEquals(short(run(45.67), run(45.67)), "It is the same run twice: there is nothing to compare.");
});
