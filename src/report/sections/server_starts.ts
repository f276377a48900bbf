import { type LatencyResult, type ServerStarts, START_STAGES } from "../../results/result.ts";
import { say } from "../../words/inline.ts";
import { inlineTimeEstimate } from "../../words/inline_quantity.ts";
import { timeUnit } from "../../words/quantity.ts";
import { START_STAGE_WORDS } from "../../words/start_stages.ts";
import { type Block, column, fact, facts, paragraph, row, subheading, table, valueInWords } from "./block.ts";
import { estimateCells, figureValue, rangeFact } from "./shared.ts";

/** Starts of the server from nothing, where the run started it. */
export function serverStartBlocks(result: LatencyResult): Block[] {
  const { starts, absences } = result;
  if (starts === undefined) return [];
  if (starts === null) {
    const why = valueInWords(figureValue(result, "server_start_mean", inlineTimeEstimate));
    return [paragraph(say`Starts of the Server: ${why}`, "warning")];
  }
  const { totalMs, program, samples } = starts;
  const incomplete = absences["starts.samples"];
  const first = samples.length === 1 ? "1 start" : `${samples.length} starts`;
  return [
    subheading("Starts of the Server", `${first} of ${program}`),
    facts([
      fact("Average", say`${inlineTimeEstimate(totalMs.mean)} to the first prediction`),
      rangeFact(totalMs),
      fact("Page cache", cacheInWords(starts)),
      ...(incomplete === undefined ? [] : [fact("Incomplete", incomplete)]),
      ...(starts.killed === 0 ? [] : [fact("Stopping", killedInWords(starts), "warning")]),
    ]),
    subheading("Stages of a start (means)"),
    stageTable(starts),
  ];
}

function cacheInWords({ pageCache }: ServerStarts): string {
  return pageCache === "warm" ? "warm, the server had been started before" : "dropped before each start";
}

function killedInWords({ killed, stopSignal }: ServerStarts): string {
  return `it, or what it started, did not end by ${stopSignal} and was killed, ${
    killed === 1 ? "once" : `${killed} times`
  }`;
}

/** The stages one below the other, each from the one above. */
function stageTable({ stagesMs }: ServerStarts): Block {
  const seen = START_STAGES.flatMap((stage) => stagesMs[stage] === null ? [] : { stage, ...stagesMs[stage] });
  const longest = Math.max(...seen.map(({ mean }) => mean.value), Number.MIN_VALUE);
  return table(
    [
      column("Until", { alignment: "left", after: ":" }),
      column("Mean time since the stage above"),
      column("95% interval"),
    ],
    seen.map(({ stage, mean }) =>
      row([START_STAGE_WORDS[stage], ...estimateCells(mean, timeUnit(mean.value))], { barShare: mean.value / longest })
    ),
  );
}
