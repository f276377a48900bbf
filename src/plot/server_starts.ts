import type { LatencyResult, ServerStarts, StartStage } from "../results/result.ts";
import { formatTimeEstimate } from "../words/estimate/estimate_text.ts";
import { unbroken } from "../words/quantity.ts";
import { START_STAGE_WORDS } from "../words/start_stages.ts";
import type { LegendEntry, Panel } from "./kit/chart.ts";
import { counted } from "./kit/notes.ts";
import { COLORS } from "./kit/palette.ts";
import { stageBarsPanel } from "./panels/stage_bars.ts";

/** The stages up to the first prediction, with which a start is over. */
const STAGES = [
  { stage: "portOpen", color: COLORS.purple },
  { stage: "healthy", color: COLORS.ochre },
  { stage: "modelReady", color: COLORS.blue },
  { stage: "firstPrediction", color: COLORS.vermillion },
] as const satisfies readonly { readonly stage: StartStage; readonly color: string }[];

/**
 * One bar for each start of the server, in its stages, and the warm latency on the same scale.
 *
 * @param result Of a latency test.
 * @returns Nothing where the server was not started.
 */
export function serverStartPanels({ starts, warm, absences }: LatencyResult): Panel[] {
  const heading = "Starts of the server";
  if (starts === undefined) return [];
  if (starts === null) {
    return [{ heading, yLabel: "", height: 110, content: absences["starts"] ?? "No start was measured" }];
  }
  return [stageBarsPanel({
    heading,
    axisLabel: "time since the process began",
    bars: starts.samples.map(({ stagesMs }, k) => ({
      row: `start ${k + 1}`,
      stages: STAGES.map(({ stage, color }) => ({
        name: START_STAGE_WORDS[stage],
        durationMs: stagesMs[stage] ?? 0,
        color,
      })),
    })),
    totalMs: starts.totalMs,
    warmMs: warm?.latencyMs ?? null,
  })];
}

/** The stages that were seen. @param starts Starts of the server; nothing where there are none. */
export function serverStartLegend(starts: ServerStarts | null | undefined): LegendEntry[] {
  if (!starts) return [];
  return STAGES.filter(({ stage }) => starts.stagesMs[stage] !== null).map(({ stage, color }) => ({
    sign: "area",
    color,
    label: START_STAGE_WORDS[stage],
  }));
}

/** What the starts come to, in a sentence; empty where there are none. */
export function serverStartSummary({ starts }: LatencyResult): string {
  if (!starts) return "";
  return `A start of the server takes ${unbroken(formatTimeEstimate(starts.totalMs.mean))} to its first prediction.`;
}

/** How the starts were measured. */
export function serverStartNotes({ starts, absences }: LatencyResult): string[] {
  if (!starts) return [];
  const cache = starts.pageCache === "warm" ? "with the page cache warm" : "with the page cache dropped before each";
  return [
    `${counted(starts.samples.length, "start")} of ${starts.program}, ${cache}.`,
    ...(absences["starts.samples"] === undefined ? [] : [`Starts done: ${absences["starts.samples"]}.`]),
  ];
}
