import type { Window } from "../../../results/window/window.ts";
import type { Words } from "../../../words/inline.ts";
import { formatNumber, formatShare, UNITS } from "../../../words/quantity.ts";
import { askedOf } from "../../../words/window/level_notes.ts";
import { shortened } from "../../../words/words.ts";
import { type Block, type Column, column, fact, facts, row, subheading, table } from "../block.ts";

const count = (requests: number) => formatNumber(requests, UNITS.none);

/** Requests of an open loop that nobody waited for any longer: they failed too, for a reason of their own. */
const UNANSWERED = "unanswered";

function reasonsOf(window: Window): Readonly<Record<string, number>> {
  const { failuresByReason, requests } = window;
  const unanswered = askedOf(window) - requests;
  return unanswered === 0 ? failuresByReason : { ...failuresByReason, [UNANSWERED]: unanswered };
}

/** Failures of a window, and of how many requests. */
function failedOf(window: Window): { readonly failed: number; readonly of: number } {
  const { failed, requests } = window, asked = askedOf(window);
  return { failed: failed + asked - requests, of: asked };
}

/**
 * A table of the failures at each level by their reason, with an example of each in the server's or the socket's own words.
 *
 * @param names Columns that name the level.
 * @param levels Windows with the cells under those columns.
 * @returns Empty where no request failed.
 */
export function failuresTable(
  names: readonly Column[],
  levels: readonly (readonly [name: readonly Words[], measured: Window])[],
): Block[] {
  const failing = levels.filter(([, window]) => failedOf(window).failed > 0);
  if (failing.length === 0) return [];
  const totals = new Map<string, number>();
  for (const [, window] of failing) {
    for (const [reason, times] of Object.entries(reasonsOf(window))) {
      totals.set(reason, (totals.get(reason) ?? 0) + times);
    }
  }
  const reasons = [...totals].toSorted(([, a], [, b]) => b - a).map(([reason]) => reason);
  const columns = [
    ...names,
    column("Failed", { after: " failed" }),
    column("Share"),
    ...reasons.map((reason) => column(reason, { after: ` ${reason}` })),
  ];
  const rows = failing.map(([name, window]) => {
    const { failed, of } = failedOf(window), by = reasonsOf(window);
    return row([
      ...name,
      `${count(failed)} of ${count(of)}`,
      formatShare(failed, of),
      ...reasons.map((reason) => by[reason] === undefined ? "" : count(by[reason])),
    ]);
  });
  const examples = reasons.flatMap((reason) => {
    const found = failing.flatMap(([, { failureExamples }]) =>
      (failureExamples as Readonly<Record<string, string>>)[reason] ?? []
    )[0];
    return found === undefined ? [] : [fact(reason, `"${shortened(found)}"`)];
  });
  return [
    subheading("Failures by Reason"),
    table(columns, rows),
    ...(examples.length === 0 ? [] : [facts(examples)]),
  ];
}
