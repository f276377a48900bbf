import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatText } from "../../../../src/report/text/format_text.ts";
import { failureNotes } from "../../../../src/words/window/level_notes.ts";
import { loadResult } from "../../../results/kinds/load_result.ts";
import { openWindow, withFailures } from "../../../results/window/windows.ts";
import { reportOf } from "../../report_of.ts";

Deno.test("failuresTable() tells what failed of the requests that had an answer to come, as the note beside it does", () => {
  const cut = withFailures(openWindow(20, { requests: 40, due: 50, cutShort: true }), 4);
  const told = (window: typeof cut) =>
    formatText(reportOf({ load: loadResult({ levels: [window], sustainedPerSecond: null }) })).replaceAll(/\s+/g, " ");
  assertStringIncludes(told(cut), "4 of 40 failed 10.0%");
  assertStringIncludes(told({ ...cut, unanswered: 10 }), "4 of 40 failed 10.0%");
  assertEquals(failureNotes(cut), ["10.0% failed"]);
  const { cutShort: _, ...whole } = { ...cut, unanswered: 10 };
  assertStringIncludes(told(whole), "14 of 50 failed 28.0%");
  assertEquals(failureNotes(whole), ["20.0% unanswered", "8.0% failed"]);
});
