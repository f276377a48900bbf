import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import stringWidth from "string-width";
import { formatCsv } from "../../src/report/csv/format_csv.ts";
import { formatHtml } from "../../src/report/html/format_html.ts";
import { formatJson } from "../../src/report/json/format_json.ts";
import { parseReport } from "../../src/report/json/parse_report.ts";
import { formatText } from "../../src/report/text/format_text.ts";
import type { CacheCheck } from "../../src/results/kinds/cache_check.ts";
import { basicResult } from "../results/kinds/basic_result.ts";
import { reportOf } from "./report_of.ts";

const ratio = (value: number, low: number, high: number) => ({ value, low, high, level: 0.95, n: 16 });
const check = (verdict: CacheCheck["verdict"], others: Partial<CacheCheck> = {}): CacheCheck => ({
  verdict,
  ratio: ratio(8.1, 7.2, 9),
  newMs: 16.2,
  repeatedMs: 2,
  requests: 33,
  ...others,
});
const few = "the inputs are so small that only 100 different ones are made";
const given = "the items can only be sent as they were given";

const CASES: readonly (readonly [CacheCheck, string])[] = [
  [
    check("cache"),
    "A response cache answers repeated requests: they come 8.10x [7.20, 9.00] as fast as new ones (medians 2 ms and 16.2 ms, " +
    "16 pairs). All others of this run differ: its numbers are those without the cache.",
  ],
  [
    check("cache", { because: few }),
    `Others of this run repeat too, so that its numbers may hold the cache's: ${few}.`,
  ],
  [
    check("no cache seen", { ratio: ratio(1, 0.98, 1.02), newMs: 2 }),
    "No response cache seen: repeated requests come 1.00x [0.98, 1.02] as fast as new ones (16 pairs).",
  ],
  [
    check("cannot tell", { ratio: null, newMs: null, repeatedMs: null, because: given }),
    `Cannot tell whether a response cache answers: ${given}.`,
  ],
  [
    check("cannot tell", { ratio: ratio(1.1, 0.9, 1.3) }),
    "Cannot tell whether a response cache answers: repeated requests",
  ],
];

Deno.test("a report tells a response cache, none, or why it cannot tell, in text, page, CSV and results file", async () => {
  for (const [cache, words] of CASES) {
    const report = reportOf({ basic: basicResult({ cache }) });
    const text = formatText(report, { width: 80 });
    for (const line of text.split("\n")) assertLessOrEqual(stringWidth(line), 80, line);
    const inOneLine = text.replaceAll(/\s+/g, " ");
    assertStringIncludes(inOneLine, words);
    assertStringIncludes(inOneLine, "Response cache:");
    const isCache = cache.verdict === "cache";
    assertEquals(inOneLine.includes("its response cache helps only traffic that repeats"), isCache);
    assertStringIncludes(await formatHtml(report), "esponse cache");
    assertEquals(parseReport(formatJson(report)), report);
    assertEquals(/^basic,,,cache_new_over_repeated,times,/m.test(formatCsv(report)), cache.ratio !== null);
  }
  const without = reportOf({ basic: basicResult() });
  assert(!formatText(without).includes("esponse cache"));
});
