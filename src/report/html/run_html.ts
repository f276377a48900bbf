import type { Report } from "../../results/report.ts";
import { MAX_LOSS } from "../../stats/scaling/equivalent_levels.ts";
import type { Block } from "../sections/block.ts";
import { banner } from "../sections/banner.ts";
import { absencesList } from "./absences.ts";
import { blocksHtml } from "./blocks_html.ts";
import { clientTable, clientUseTable, windowsTable } from "./evidence_tables.ts";
import { inlineHtml } from "./inline_html.ts";

/** How the numbers are made, for a reader who has only this page. */
const METHODS: readonly string[] = [
  "Load is closed-loop but where a rate is offered: each of so many clients sends its next request when the last one is " +
  "answered. A request counts if it ended inside the measured window. At an offered rate, latency counts from the moment " +
  "at which a request was due.",
  "A success passed the protocol's own check: status, a body that can be read, the model asked for, as many predictions " +
  "as inputs. Everything else is a failure with a reason, and no failure enters a latency or a throughput.",
  "Each level warms up by itself; what transient is left is cut by MSER-5 (White, 1997). Levels run in a random order and " +
  "then back, so that drift does not look like scaling.",
  "Intervals are at 95%: batch means for rates and means, order statistics for quantiles, the bootstrap for cold starts.",
  "The optimum is the smallest level whose interval overlaps the best's and that measured at most " +
  `${100 * MAX_LOSS}% below it: a larger one is not known to be better.`,
  "Memory is that of the server's processes, not of this client. What could not be measured is said to be so.",
];

/**
 * What a reader needs to judge the run and to repeat it: machine, command, what each number rests on, what is missing.
 *
 * @param report What was measured.
 */
export function runHtml(report: Report): string {
  const { tests, command } = report;
  // The command has a part of its own, from which it can be copied.
  const facts = banner(report).flatMap((block): Block[] =>
    block.kind === "facts" ? [{ ...block, facts: block.facts.filter(({ id }) => id !== "command") }] : []
  );
  return blocksHtml(facts) +
    `<h3>The command that made it</h3>\n<pre tabindex="0"><code>${inlineHtml(command)}</code></pre>\n` +
    blocksHtml([...absencesList(tests), ...windowsTable(tests), ...clientTable(tests), ...clientUseTable(tests)]);
}

/**
 * How to read the signs, and how the numbers are made.
 *
 * @param report What was measured.
 */
export function methodHtml(report: Report): string {
  return blocksHtml(banner(report).filter(({ kind }) => kind === "legend")) +
    `<ul class="points">${METHODS.map((method) => `<li>${inlineHtml(method)}</li>`).join("\n")}</ul>\n`;
}
