import { rateOfServer } from "../../results/window/at_least.ts";
import type { Window } from "../../results/window/window.ts";
import { UNITS } from "../../words/quantity.ts";
import { atLeastText } from "../kit/at_least_text.ts";
import type { Panel } from "../kit/chart.ts";
import type { Named } from "../named.ts";
import { barsPanel } from "../panels/bars_panel.ts";
import { DISTRIBUTION_NOTE, distributionRowsPanel } from "../panels/distribution_rows.ts";

/** How the answers of several runs streamed, beside each other. */
export interface StreamedRows {
  /** Rows of panels. */
  readonly rows: readonly (readonly Panel[])[];
  /** How to read them. */
  readonly notes: readonly string[];
}

/**
 * Times to the first token and per output token, and tokens per second of all answers, of several windows.
 *
 * @param named The windows.
 * @returns Nothing where no answer was streamed.
 */
export function streamedRows(named: readonly Named<Window>[]): StreamedRows {
  const times = ([["Time to first token", "firstTokenMs"], ["Time per output token", "tokenMs"]] as const)
    .flatMap(([heading, field]) => {
      const rows = named.flatMap(({ label, color, result }) => {
        const distributionMs = result[field];
        return distributionMs ? [{ label, color, distributionMs }] : [];
      });
      return rows.length === 0 ? [] : [[distributionRowsPanel(rows, heading, "time")]];
    });
  const bars = named.map(({ label, color, result }) => {
    const estimate = rateOfServer(result.outputTokensPerSecond ?? null, result), { converged } = result;
    const bar = { label, color, estimate, converged };
    return estimate !== null && result.clientLimited
      ? { ...bar, text: atLeastText(estimate.value, UNITS.tokensPerSecond) }
      : bar;
  });
  const output = bars.some(({ estimate }) => estimate !== null)
    ? [[barsPanel(bars, "Output, all answers together", { label: "tokens", unitFor: () => UNITS.tokensPerSecond })]]
    : [];
  return { rows: [...output, ...times], notes: times.length === 0 ? [] : [DISTRIBUTION_NOTE] };
}
