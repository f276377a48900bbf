import { readFigure } from "../../results/figures.ts";
import type { AbResult, BlockSide, PairedEffect } from "../../results/kinds/ab.ts";
import { isAbsent } from "../../results/measured.ts";
import { type Inline, interval, quantity, say } from "../../words/inline.ts";
import { inlineParts } from "../../words/inline_quantity.ts";
import { changeText } from "../../words/estimate/change_text.ts";
import { formatNumber, timeUnit, type Unit, UNITS } from "../../words/quantity.ts";
import { targetNotes } from "../../words/target_notes.ts";
import {
  type Block,
  column,
  fact,
  facts,
  heading,
  type Item,
  item,
  legend,
  list,
  paragraph,
  type Row,
  row,
  subheading,
  table,
  type Tone,
} from "./block.ts";
import { failuresTable } from "./window/failures.ts";
import { goodputTable } from "./window/goodput.ts";
import { gpuTable } from "./window/gpu.ts";
import { latencyTable } from "./window/latency_table.ts";
import { streamingTable } from "./window/streaming.ts";
import { notices, successFacts } from "./shared.ts";
import { weightFacts } from "./window/weight_facts.ts";

const COLUMNS = [
  column("", { alignment: "left" }),
  column("A", { before: "A " }),
  column("B", { before: "-> B " }),
  column("effect"),
  column("interval", { alignment: "left" }),
  column("verdict", { alignment: "left" }),
  column("would show", { alignment: "left", before: "(shows ", after: ")", isOptional: true }),
];

const SERVER = column("Server", { alignment: "left" });

const VERDICTS: Readonly<Record<PairedEffect["verdict"], readonly [words: string, tone: Tone]>> = {
  better: ["B IS FASTER", "good"],
  worse: ["B IS SLOWER", "critical"],
  "no difference found": ["NO DIFFERENCE FOUND", "plain"],
  "cannot tell": ["CANNOT TELL", "warning"],
};

const METHOD = "Both servers were visited twice in every block, ABBA or BAAB by a seeded coin, so that what changes " +
  "slowly on the machine meets both alike. The verdict is that of the throughput at 95%, named before the run; the two " +
  "latencies hold together at 95%. B against A holds geometric means over the blocks; throughput and latency of all " +
  "requests together differ a little from them. What a run would show (shows X) is the smallest change that it shows " +
  "four times in five.";

/** Two servers that were measured alternately: the verdict first. */
export function abSection(result: AbResult): Block[] {
  const { a, b, blocks, concurrency, batchSize, requestsPerVisit, verdict } = result;
  const [words, tone] = VERDICTS[verdict];
  const sides = [[["A"], a], [["B"], b]] as const;
  return [
    heading(2, "A/B test results", { emoji: "⚖️" }),
    ...notices(result),
    ...new Set([a, b].flatMap(({ target }) => targetNotes(target))).values().map((note) => paragraph(note, "warning")),
    facts([
      fact("A", serverInWords(a)),
      fact("B", serverInWords(b)),
      fact(
        "Load",
        `concurrency ${concurrency}, batch size ${batchSize}; ` +
          `${blocks.length} ${blocks.length === 1 ? "block" : "blocks"} of 4 visits, ${requestsPerVisit} requests each`,
      ),
    ]),
    ...cautions(result),
    subheading("Verdict"),
    paragraph(say`${words}: ${effectInWords(result)}`, tone),
    subheading("B against A"),
    table(COLUMNS, rowsOf(result)),
    facts([
      ...successFacts(a, "A: "),
      ...successFacts(b, "B: "),
      ...weightFacts(a, "A: "),
      ...weightFacts(b, "B: "),
      ...(blocks.length === 0 ? [] : [fact("Throughput of B in percent of A, block by block", byBlock(result))]),
    ]),
    ...latencyTable([SERVER], sides),
    ...streamingTable(SERVER, [["A", a], ["B", b]]),
    ...goodputTable(SERVER, [["A", a], ["B", b]]),
    ...failuresTable([SERVER], sides),
    ...gpuTable({ absences: { ...b.absences, ...a.absences } }, [SERVER], sides),
    legend(METHOD),
  ];
}

function serverInWords({ target: { model, url, protocol, device } }: AbResult["a"]): string {
  return `${model} at ${url} (${protocol}${device === null ? "" : `, ${device}`})`;
}

function cautions({ a, b, errorDifference, client }: AbResult): Block[] {
  const items: Item[] = [];
  const add = (text: string) => items.push(item(text, "warning"));
  if (a.target.model !== b.target.model) {
    add("DIFFERENT MODELS: the numbers compare the models, not two servers of one.");
  }
  if (a.target.protocol !== b.target.protocol) add("different protocols: their encodings are part of the difference");
  if (a.target.sequenceLength !== b.target.sequenceLength) {
    add("only one of the models is stateful: that its requests stand in sequences is part of the difference");
  }
  const clients = [client, a.client, b.client];
  const isAnswered = a.succeeded > 0 && b.succeeded > 0;
  if (isAnswered && (a.clientLimited || b.clientLimited || clients.some(({ limited }) => limited))) {
    add("the client may have set the numbers: a real difference may be larger");
  }
  if ((errorDifference?.low ?? 0) > 0) add("B fails more often than A");
  if ((errorDifference?.high ?? 0) < 0) add("A fails more often than B");
  return items.length === 0 ? [] : [list(items)];
}

function effectInWords(result: AbResult): Inline {
  const ratio = readFigure(result, "throughput_ratio");
  if (isAbsent(ratio)) return say`${ratio.detail}`;
  const why = result.absences["verdict"];
  if (why !== undefined) return say`${why}; throughput ${inlineParts(changeText(ratio))}.`;
  const { smallestShown } = result.effects.throughput;
  const unseen = smallestShown === null ? "" : `; a change of ${formatNumber(100 * smallestShown, UNITS.percent)} is ` +
    "what this run would have shown four times in five";
  return say`throughput ${inlineParts(changeText(ratio))} over ${result.blocks.length} blocks${unseen}.`;
}

function rowsOf({ blocks, effects: { throughput, p50, p95 }, absences }: AbResult): Row[] {
  // Of unlike answers neither their number nor their time says which server is faster.
  const judged = (effect: PairedEffect): PairedEffect =>
    absences["verdict"] === undefined ? effect : { ...effect, verdict: "cannot tell" };
  return [
    rowOf("throughput", means(blocks, "requestsPerSecond"), judged(throughput), () => UNITS.requestsPerSecond),
    rowOf("median latency", means(blocks, "p50Ms"), judged(p50), timeUnit),
    rowOf("p95 latency", means(blocks, "p95Ms"), judged(p95), timeUnit),
  ];
}

/** Geometric means over the blocks that have both: their ratio is the effect. */
function means(blocks: AbResult["blocks"], figure: keyof BlockSide): readonly [a: number, b: number] | null {
  const logs = blocks.flatMap(({ a: { [figure]: a }, b: { [figure]: b } }) =>
    a !== null && b !== null && a > 0 && b > 0 ? [[Math.log(a), Math.log(b)] as const] : []
  );
  if (logs.length === 0) return null;
  const mean = (side: 0 | 1) => Math.exp(logs.reduce((sum, pair) => sum + pair[side], 0) / logs.length);
  return [mean(0), mean(1)];
}

function rowOf(
  name: string,
  means: readonly [a: number, b: number] | null,
  { ratio, verdict, smallestShown }: PairedEffect,
  unitOf: (value: number) => Unit,
): Row {
  const unit = unitOf(means?.[0] ?? 0);
  const change = ratio === null ? null : changeText(ratio);
  const unseen = verdict === "no difference found" && smallestShown !== null;
  return row([
    name,
    means === null ? "-" : formatNumber(means[0], { ...unit, suffix: "" }),
    means === null ? "-" : quantity(formatNumber(means[1], unit)),
    change === null ? "" : change.value + change.suffix,
    change === null ? "" : interval(change.interval),
    verdict === "no difference found" ? "no difference" : verdict,
    unseen ? formatNumber(100 * smallestShown, UNITS.percent) : "",
  ], verdict === "better" || verdict === "worse" ? { tone: VERDICTS[verdict][1] } : {});
}

function byBlock({ blocks }: AbResult): string {
  return blocks.map(({ a: { requestsPerSecond: inA }, b: { requestsPerSecond: inB } }) =>
    inA === null || inB === null ? "-" : String(Math.round(100 * inB / inA))
  ).join(" ");
}
