import type { Distribution } from "../core/estimate.ts";
import type { BasicResult } from "../results/result.ts";
import { formatNumber, formatTime, timeUnit, UNITS } from "../words/quantity.ts";
import { Chart, type ChartOptions, type Panel } from "./kit/chart.ts";
import { validityNotes } from "./kit/notes.ts";
import { COLORS } from "./kit/palette.ts";
import { missing } from "./latency.ts";
import { type Bar, barsPanel } from "./panels/bars_panel.ts";
import { DISTRIBUTION_NOTE, distributionRowsPanel } from "./panels/distribution_rows.ts";

/** What the server counted of the same requests, where it counts: mean times, and what is left for network and client. */
function countedPanels({ server, latencyMs }: BasicResult): Panel[][] {
  if (!server || latencyMs === null) return [];
  const { queueMs, computeMs, inputMs = null, outputMs = null, restMs, requests } = server;
  const parts: [string, number | null, string][] = [
    ["queue", queueMs, COLORS.vermillion],
    ["input", inputMs, COLORS.purple],
    ["compute", computeMs, COLORS.green],
    ["output", outputMs, COLORS.purple],
    ["rest, not counted", restMs, COLORS.blue],
  ];
  const bars = parts.flatMap(([label, value, color]): Bar[] =>
    value === null ? [] : [{
      label,
      color,
      text: formatTime(value),
      estimate: { value, low: null, high: null, level: 0.95, n: requests },
    }]
  );
  return bars.length === 0
    ? []
    : [[barsPanel(bars, "Counted by the server", { label: "mean time of a request", unitFor: timeUnit })]];
}

/**
 * Where does the time of a request go? How long it was handed over, waited and was read, where that is known, the server's own
 * time, the time to the first byte and the whole latency, each as a distribution; below, what the server's counters say,
 * where it has them.
 *
 * @param result Of a basic test.
 * @param options Of the chart, and of Observable Plot for its panel.
 */
export function plotServerTime(result: BasicResult, options: ChartOptions = {}): Chart {
  const { latencyMs, firstByteMs, firstTokenMs, serverMs, absences } = result;
  const { sendingMs = null, waitingMs = null, readingMs = null, judgingMs = null } = result;
  const isTold = sendingMs !== null;
  const rows = [
    { label: "handing over", distributionMs: sendingMs, color: COLORS.vermillion },
    { label: "waiting", distributionMs: waitingMs, color: COLORS.sky },
    { label: "server's work", distributionMs: serverMs, color: COLORS.green },
    { label: "first byte", distributionMs: firstByteMs, color: COLORS.purple },
    {
      label: firstTokenMs ? "while it is written" : "reading the answer",
      distributionMs: isTold ? readingMs : null,
      color: COLORS.ochre,
    },
    { label: "whole request", distributionMs: latencyMs, color: COLORS.blue },
    { label: "judging, after it", distributionMs: isTold ? judgingMs : null, color: COLORS.neutral },
  ].flatMap(({ distributionMs, ...row }) => distributionMs === null ? [] : [{ ...row, distributionMs }]);
  return new Chart({
    title: "Where the time goes",
    subtitle: summary(result),
    legend: [],
    rows: [[
      rows.length === 0
        ? { heading: "Times", yLabel: "", height: 110, content: missing(result) }
        : distributionRowsPanel(rows, "Times of a request", "time"),
    ], ...countedPanels(result)],
    notes: [
      ...(rows.length === 0 ? [] : [DISTRIBUTION_NOTE]),
      ...(isTold ? ["Handed over: to the system, which may still have some of it in its buffers."] : []),
      ...(serverMs === null && latencyMs !== null
        ? [`No server time: ${absences["serverMs"] ?? "the server does not report it"}.`]
        : []),
      ...validityNotes(result),
    ],
  }, options);
}

function summary({ latencyMs, serverMs, sendingMs, readingMs, firstTokenMs, server }: BasicResult): string {
  if (latencyMs === null) return "No request succeeded.";
  const share = ({ mean }: Distribution) => formatNumber(100 * mean.value / (latencyMs.mean.value || 1), UNITS.percent);
  if (sendingMs && readingMs) {
    const works = serverMs === null ? "" : `, the server works for ${share(serverMs)}`;
    const reads = firstTokenMs ? "goes by while the answer is written" : "reading";
    return `Of the mean latency ${share(sendingMs)} is handing over and ${share(readingMs)} ${reads}${works}.`;
  }
  if (serverMs !== null) {
    return `The server works for ${share(serverMs)} of the mean latency; the rest is transfer, parsing and waiting.`;
  }
  return server
    ? "By the server's own counters; its answers do not say how long it worked on each."
    : "The server does not say how long it works.";
}
