import type { CapacityProbe, CapacitySearch, LoadResult } from "../../../results/kinds/load.ts";
import { capacityOutcome, isAtLeast, isClientsEnd } from "../../../results/kinds/capacity_outcome.ts";
import type { ObjectiveOutcome } from "../../../results/objective.ts";
import { observationsNeeded } from "../../../objectives/observations_needed.ts";
import { WINDOW_FIGURES } from "../../../results/window/window_figures.ts";
import { type Inline, interval, quantity, say, type Words } from "../../../words/inline.ts";
import { inlineEstimate, inlineEstimateIn, inlineNumber } from "../../../words/inline_quantity.ts";
import { untoldInWords } from "../../../words/answer/untold_in_words.ts";
import { displayUnit } from "../../../words/display_unit.ts";
import { estimateText } from "../../../words/estimate/estimate_text.ts";
import { UNITS } from "../../../words/quantity.ts";
import {
  type Block,
  type Column,
  column,
  type Fact,
  fact,
  type Row,
  row,
  subheading,
  table,
  type Tone,
} from "../block.ts";

type Capacity = NonNullable<LoadResult["capacity"]>;

const rate = (perSecond: number) => inlineNumber(perSecond, UNITS.requestsPerSecond);

/**
 * The answer to what a server carries under objectives: how many requests a second, and how many at a time.
 *
 * @param capacity What the searches found.
 */
export function capacityFacts(capacity: Capacity): Fact[] {
  const { objectives, rate: arrivals, concurrency } = capacity;
  return [
    fact(`Capacity under ${objectives}`, capacityInWords(arrivals, rate), toneOf(arrivals)),
    fact(
      "Capacity in Concurrency",
      capacityInWords(concurrency, (level) => `concurrency ${level}`),
      toneOf(concurrency),
    ),
    ...goodputFacts(capacity),
  ];
}

function goodputFacts({ goodputPerSecond, goodRequestsPerSecond, goodShare }: Capacity): Fact[] {
  if (goodputPerSecond === null) return [];
  const told = goodRequestsPerSecond === undefined
    ? rate(goodputPerSecond)
    : inlineEstimate(goodRequestsPerSecond, UNITS.requestsPerSecond);
  const share = goodShare === undefined ? "" : say`, ${inlineEstimate(goodShare, UNITS.share)} of the requests`;
  return [fact("Goodput at that Rate", say`${told}${share}`)];
}

/** That there is none is bad news; what could not be told is a warning. */
function toneOf(search: CapacitySearch): Tone {
  return ({ found: "plain", none: "critical", "not known": "warning" } as const)[capacityOutcome(search)];
}

/**
 * What a search came to, with the trials that it rests on.
 *
 * @param search With its trials.
 * @param shown A level with its unit.
 */
export function capacityInWords(search: CapacitySearch, shown: (level: number) => Words): Inline {
  const { highest, lowestMissed, ended, probes, untold } = search;
  const beyond = probes.find(({ level }) => level === lowestMissed);
  const isUnclear = beyond?.verdict === "unclear";
  const isClients = isClientsEnd(search);
  const trials = `${probes.length} ${probes.length === 1 ? "trial" : "trials"}`;
  const missed = lowestMissed === null ? "" : shown(lowestMissed);
  if (untold !== undefined) {
    const tried = beyond === undefined
      ? "no trial of the length that it takes had time"
      : isClients
      ? say`at ${missed} the client was the limit`
      : isUnclear
      ? say`of ${missed} it cannot be told yet whether the objectives hold`
      : say`${missed} missed ${missedOf(beyond)}`;
    return say`not found: ${tried}; ${untoldInWords(untold, shown)} (${trials})`;
  }
  if (ended === "never met") {
    return isClients
      ? say`not found: even at ${missed} the client was the limit (${evidence(beyond, trials, true)})`
      : isUnclear
      ? say`not found: even at ${missed} it cannot be told whether the objectives hold; a longer duration tells (${
        evidence(beyond, trials, true)
      })`
      : say`none: even ${missed} missed ${missedOf(beyond)} (${evidence(beyond, trials, false)})`;
  }
  if (ended === "always met") return say`at least ${shown(highest ?? 0)}, the most that was tried (${trials})`;
  const bound = lowestMissed === null
    ? ""
    : isClients
    ? say`; at ${missed} the client was the limit`
    : isUnclear
    ? say`; not to be told at ${missed}`
    : say`; ${missed} missed ${missedOf(beyond)}`;
  const early = ended === "stopped early" ? ", the search was cut short" : "";
  return highest === null
    ? say`not found${bound} (${trials}${early})`
    : say`${isAtLeast(search) ? "at least " : ""}${shown(highest)}${bound} (${
      evidence(beyond, trials, isUnclear)
    }${early})`;
}

/** The objectives that a trial missed; of one that the server did not keep up with all. */
function missedOf(probe: CapacityProbe | undefined): string {
  const missed = probe?.outcomes.filter(({ verdict }) => verdict === "missed") ?? [];
  return missed.length === 0 || probe?.saturated
    ? "the objectives"
    : missed.map(({ objective }) => objective.text).join(", ");
}

/** What showed it, and in how many trials. */
function evidence(probe: CapacityProbe | undefined, trials: string, namesObjective: boolean): Inline {
  if (probe?.saturated && !probe.clientLimited) return say`the server did not keep up; ${trials}`;
  const found = probe?.outcomes.toSorted((a, b) => SEVERITY[b.verdict] - SEVERITY[a.verdict])[0];
  if (probe?.saturated === null && (found === undefined || found.verdict === "met")) {
    return say`it cannot be told whether the server kept up; ${trials}`;
  }
  if (found === undefined) return say`${trials}`;
  if (found.measured === null) return say`${found.objective.text} was not measured; ${trials}`;
  const name = namesObjective ? `${found.objective.text}: ` : "";
  return say`${name}${inlineEstimateIn(found.measured, found.objective.unit)}${
    neededInWords(found, probe!)
  }; ${trials}`;
}

/** How many requests would tell what these do not. */
function neededInWords(
  { objective: { metric, unit, limit }, measured, verdict }: ObjectiveOutcome,
  { clientLimited }: CapacityProbe,
): string {
  const quantile = WINDOW_FIGURES.find((figure) => figure.gate?.name === metric && figure.unit === unit)?.quantile;
  const needed = !clientLimited && verdict === "cannot tell" && measured !== null
    ? observationsNeeded(measured, limit, quantile === undefined ? {} : { quantile })
    : null;
  return needed === null ? "" : ` of ${measured!.n} requests, where about ${needed} would tell`;
}

const SEVERITY = { "met": 0, "cannot tell": 1, "missed": 2 } as const;

const TONES = { met: "good", missed: "critical", unclear: "warning" } as const;

/**
 * The trials of both searches, each with what it found of each objective.
 *
 * @param capacity What the searches found.
 * @returns No blocks where there was no trial.
 */
export function trialTables({ objectives, rate: arrivals, concurrency }: Capacity): Block[] {
  return [
    ...trialTable(`Trials of Arrival Rates under ${objectives}`, OFFERED, arrivals, rate),
    ...trialTable(`Trials of Concurrencies under ${objectives}`, CONCURRENCY, concurrency, String),
  ];
}

const OFFERED = column("Offered", { before: "Offered ", after: ":", isAlignedInside: true });
const CONCURRENCY = column("Concurrency", { before: "Concurrency ", after: ":", isAlignedInside: true });

function trialTable(
  title: string,
  level: Column,
  { probes }: CapacitySearch,
  shown: (level: number) => Words,
): Block[] {
  if (probes.length === 0) return [];
  const objectives = probes[0]!.outcomes.map(({ objective }) => objective);
  const columns = [
    level,
    column("Verdict", { alignment: "left" }),
    ...objectives.flatMap(({ text }, i) => [
      column(text, { before: `${text}: ` }),
      column("95% interval", { isOptional: i > 0 }),
    ]),
  ];
  const rows = probes.toSorted((a, b) => a.level - b.level).map((probe): Row =>
    row([
      shown(probe.level),
      probe.verdict,
      ...objectives.flatMap((_, i) => outcomeCells(probe.outcomes[i])),
    ], {
      n: probe.outcomes[0]?.measured?.n ?? null,
      note: joinedNotes(probe),
      tone: TONES[probe.verdict],
    })
  );
  return [subheading(title), table(columns, rows)];
}

function outcomeCells(outcome: ObjectiveOutcome | undefined): [Words, Words] {
  if (outcome === undefined || outcome.measured === null) return ["-", ""];
  const { measured, objective } = outcome;
  const { value, suffix, interval: ends } = estimateText(measured, displayUnit(objective.unit, measured.value));
  return [quantity(value + suffix), interval(ends)];
}

function joinedNotes({ saturated, runs, clientLimited }: CapacityProbe): string {
  const kept = saturated === null ? ["may be saturated"] : saturated ? ["saturated"] : [];
  return [...kept, ...(clientLimited ? ["client-limited"] : []), ...(runs > 1 ? [`${runs} runs`] : [])].join(", ");
}
