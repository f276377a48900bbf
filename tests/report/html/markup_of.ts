import { assertEquals } from "@std/assert";
import { PAGE_SCRIPT } from "../../../src/report/html/page_script.ts";
import { resultsInPage } from "../../../src/report/html/results_in_page.ts";

/**
 * A page without its own script and without the results that it holds, which must be all that it has of both.
 *
 * @param page What `formatHtml` wrote.
 */
export function markupOf(page: string): string {
  const script = `<script>${PAGE_SCRIPT}</script>`;
  const results = `<script type="application/json" id="results">${resultsInPage(page)}</script>`;
  for (const own of [script, results]) assertEquals(page.split(own).length, 2);
  return page.replace(script, () => "").replace(results, () => "");
}
