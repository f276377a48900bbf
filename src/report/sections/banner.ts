import type { Environment } from "../../results/environment.ts";
import { type ResultKind, resultsOf } from "../../results/kinds.ts";
import type { Report } from "../../results/report.ts";
import { type Inline, joined, quantity, say, sign } from "../../words/inline.ts";
import { inlineTime } from "../../words/inline_quantity.ts";
import { formatDecimals, UNITS } from "../../words/quantity.ts";
import { cutInWords } from "../../words/cut_in_words.ts";
import { generationInWords } from "../../words/asked/generation_in_words.ts";
import { promptsInWords } from "../../words/asked/prompts_in_words.ts";
import { targetNotes } from "../../words/target_notes.ts";
import { enumerate } from "../../words/words.ts";
import { type Block, type Fact, fact, facts, heading, legend, paragraph, remark } from "./block.ts";
import { partsFacts } from "./parts.ts";

const gigabytes = (bytes: number) => quantity(formatDecimals(bytes, UNITS.gibibytes, 1));

function machine({ os, cpu, cores, memoryBytes, gpus, gpuAbsence, deno }: Environment): Inline {
  const graphics = gpus.map(({ name, memoryBytes: bytes, driver }) =>
    joined(
      [name, ...(bytes === null ? [] : [gigabytes(bytes)]), ...(driver === null ? [] : [`driver ${driver}`])],
      ", ",
    )
  );
  return joined([
    os,
    cpu ?? "unknown CPU",
    `${cores} ${cores === 1 ? "core" : "cores"}`,
    ...(memoryBytes === null ? [] : [gigabytes(memoryBytes)]),
    graphics.length === 0
      ? `no GPU${gpuAbsence === undefined ? "" : ` (${gpuAbsence})`}`
      : say`GPU ${joined(graphics, " and ")}`,
    `Deno ${deno}`,
  ], ", ");
}

/** That a run was cut short, and where. */
export function cut({ partial, tests }: Report): Block[] {
  if (partial === null) return [];
  const kindsWhere = (isSo: (partial: Report["partial"]) => boolean) =>
    resultsOf(tests).flatMap(({ kind, result }) => isSo(result.partial) ? [kind] : []);
  const whole = kindsWhere((of) => of === null);
  const during = kindsWhere((of) => of !== null);
  const where = during.length > 0 ? ` during the ${enumerate(during)} test` : "";
  const complete = whole.length > 0 ? `Complete: ${enumerate(whole)}.` : "No test is complete.";
  const [lost] = resultsOf(tests).flatMap(({ result }) => result.lost ?? []);
  return [paragraph(`PARTIAL RESULTS: ${cutInWords(partial, lost)}${where}. ${complete}`, "critical")];
}

/** What stopping at the wanted precision saved against windows of fixed length, if that is worth a word. */
function saved({ tests }: Report): Inline {
  const stopping = resultsOf(tests).flatMap(({ result }) => result.stopping ?? []);
  const fixedMs = stopping.reduce((sum, of) => sum + of.fixedMs, 0);
  const savedMs = fixedMs - stopping.reduce((sum, of) => sum + of.windowsMs, 0);
  if (savedMs < 0.05 * fixedMs || savedMs < 1000) return [];
  return say` (${inlineTime(savedMs)} of ${inlineTime(fixedMs)} saved by stopping when precise)`;
}

/** What a star marks where it is not the usual, the one of a sweep; `null` where none stands. */
const STARS: { readonly [K in ResultKind]?: string | null } = {
  "load": "the highest offered rate that was sustained",
  "prompts": null,
};
const STAR = "the smallest level within 10% of the best that cannot be told from it";

/** What the signs of a page mean. */
function signs({ tests }: Report): Inline {
  const starred = resultsOf(tests).flatMap(({ kind, spec }) => {
    const { [kind]: meaning = STAR } = STARS;
    return spec.best === null || spec.axis === null || meaning === null ? [] : [meaning];
  });
  const meanings = new Set(starred);
  return joined([
    "[low, high] is the 95% interval, [at least low] where n, the requests that it rests on, are too few for its upper " +
    "end; ",
    say`${sign("precise")}: throughput known within 5% and p95 within 10%, ${sign("imprecise")}: less well`,
    ...(meanings.size === 0 ? [] : [say`; ${sign("best")}: ${joined([...meanings], "; of rates, ")}`]),
    ".",
  ]);
}

/** What each request said besides its items. */
function requestFacts({ target: { sequenceLength, parameters, generation }, tests }: Report): Fact[] {
  const asked = generation === undefined ? null : generationInWords(generation);
  return [
    ...sequenceLength === undefined ? [] : [fact("Requests", inSequences(sequenceLength))],
    ...parameters === undefined ? [] : [fact("Parameters", parameters)],
    ...generation === undefined ? [] : [fact("Prompts", promptsInWords(generation, tests))],
    ...asked === null ? [] : [fact("Answers", asked.answers)],
  ];
}

function inSequences(length: number): string {
  return `sequences of ${length} ${length === 1 ? "request" : "requests"}, one after another on each connection`;
}

/** What was measured, where, and by which command. */
export function runFacts(report: Report): Block[] {
  const { target, tool, environment, startedAt, durationMs, seed, command } = report;
  const server = target.embedded ? "the embedded server" : target.url;
  const device = target.device === null ? "" : ` on ${target.device}`;
  return [
    heading(1, `${tool.name} ${tool.version}`, { emoji: "🔬" }),
    ...cut(report),
    ...targetNotes(target).map((note) => paragraph(note, "warning")),
    facts([
      fact("Target", `${target.model}${device} at ${server} (${target.protocol})`),
      ...requestFacts(report),
      ...(target.embedded ? [remark("Predictions mean nothing (random weights); timing is real")] : []),
      fact(target.embedded ? "Machine" : "Client", machine(environment)),
      fact("Run", say`${startedAt}, ${inlineTime(durationMs)}${saved(report)}, seed ${seed}`),
      ...partsFacts(report),
      { ...fact("Command", command), id: "command" },
    ]),
  ];
}

/** What was measured, where, and how to read it. */
export function banner(report: Report): Block[] {
  return [...runFacts(report), legend(signs(report))];
}
