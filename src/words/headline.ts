import type { Bottleneck, BottleneckKind, Efficiency, Finding } from "../results/finding.ts";
import type { Recommendation } from "../results/recommendation.ts";
import { type ThrottleReason, throttleReasons } from "../results/window/gpu_use.ts";
import type { Report } from "../results/report.ts";
import { energyInWords } from "./efficiency_in_words.ts";
import { capitalized, type Inline, joined, say } from "./inline.ts";
import { inlineRate, inlineTimeEstimate } from "./inline_quantity.ts";
import { KINDS, resultsOf } from "../results/kinds.ts";
import { foundInWords } from "./answer/found_in_words.ts";
import { formatShare, UNITS } from "./quantity.ts";
import { loadFigures } from "./window/load_figures.ts";
import { failedInWords } from "./words.ts";

const LIMITS: Readonly<Record<Exclude<BottleneckKind, "throttled" | "unknown">, string | null>> = {
  "client": null, // the recommendation says it
  "memory": "The limit is the server's memory.",
  "transfer": "The limit is moving the data, not the model.",
  "compute": "The limit is the model's computation.",
  "queueing": "The limit is queueing: more requests at a time only wait.",
  "cold-start": "The limit is loading the model.",
  "host": "The limit is the host, for which the GPU waits.",
};

const THROTTLES: Readonly<Record<ThrottleReason, string>> = {
  power: "The limit is the GPU's power limit.",
  thermal: "The limit is the GPU's cooling.",
  other: "The limit is a GPU that its hardware slows down.",
};

function limitInWords(main: Bottleneck): string | null {
  if (main.bottleneck === "throttled") return THROTTLES[throttleReasons(main.evidence)[0] ?? "other"];
  if (main.bottleneck !== "unknown") return LIMITS[main.bottleneck];
  const { missing } = main.evidence;
  const lacking = missing.includes("gpu")
    ? "what its GPU did is not known"
    : missing.includes("device")
    ? "whether it computes on a GPU is not known"
    : null;
  return lacking === null
    ? "What limits the server cannot be told from these results."
    : `Whether computation or the host limits the server cannot be told: ${lacking}.`;
}

function lessContention(
  { bestConcurrency, fastestConcurrency = bestConcurrency, otherPoint = false }: Extract<
    Recommendation,
    { code: "reduce-contention" }
  >["evidence"],
): Inline {
  return otherPoint
    ? say`Look for contention: in the scalability test throughput falls beyond concurrency ${fastestConcurrency}.`
    : say`Stay near concurrency ${bestConcurrency}: beyond ${
      fastestConcurrency === bestConcurrency ? "it" : fastestConcurrency
    } throughput falls.`;
}

function action(recommendation: Recommendation): Inline | null {
  switch (recommendation.code) {
    case "operating-point": {
      const { batchSize, concurrency, evidence } = recommendation;
      const figures = loadFigures(evidence.predictionsPerSecond, UNITS.predictionsPerSecond, evidence);
      if (evidence.firstTokenP95Ms) return say`Send ${requests(concurrency)} at a time: ${figures}.`;
      return say`${capitalized(sending(batchSize, evidence.batching))}, ${atATime(concurrency)}: ${figures}.`;
    }
    case "batch-size": {
      const { predictionsPerSecond, atLeast, batching, concurrency } = recommendation.evidence;
      const rate = inlineRate(predictionsPerSecond, UNITS.predictionsPerSecond, atLeast);
      // Fewer fill no batch.
      const many = batching === undefined ? "" : `, ${atATime(concurrency)}`;
      return say`${capitalized(sending(recommendation.batchSize, batching))}${many}: ${rate}.`;
    }
    case "concurrency": {
      const { concurrency, evidence } = recommendation;
      const figures = loadFigures(evidence.requestsPerSecond, UNITS.requestsPerSecond, evidence);
      return say`Send ${requests(concurrency)} at a time: ${figures}.`;
    }
    case "efficient-point":
      return leastEnergy(recommendation.evidence);
    case "preload":
      return say`Preload the model: a cold start costs ${inlineTimeEstimate(recommendation.evidence.overheadMs)}.`;
    case "reduce-contention":
      return lessContention(recommendation.evidence);
    case "watch-leak":
      return say`Look for a memory leak.`;
    case "watch-gpu-leak":
      return say`Look for a leak of GPU memory.`;
    case "reduce-fragmentation":
      return say`Let the allocator expand its segments: GPU memory is fragmented.`;
    case "fix-errors": {
      const { test, failed, requests, levels, byClient = 0 } = recommendation.evidence;
      if (2 * byClient > failed) {
        return say`Raise the limits of the machine that measures: it could not send its requests.`;
      }
      return say`Fix the errors first: ${failedInWords(test, failed, requests, levels)}.`;
    }
    case "heed-limit": {
      const { test, limited, requests, heldMs } = recommendation.evidence;
      if (heldMs !== undefined) {
        return say`Have the server's limit lifted: the rates are what it lets through, not what the server can do.`;
      }
      const share = formatShare(limited, requests);
      return say`Stay below the server's limit: it turned away ${share} of the requests of ${KINDS[test].name}.`;
    }
    case "repeat-run":
      return say`Repeat the run on a quiet machine: the same load came out differently within it.`;
    case "size-without-cache":
      return say`Count on the response cache only for traffic that repeats.`;
    case "quiet-client":
      return say`Repeat the run on a quiet machine: other programs used this one before it began.`;
    case "stronger-client":
      return say`Measure with a stronger client: this one was the limit.`;
    case "scale-out":
    case "relieve-host":
    case "unthrottle":
    case "use-idle-gpus":
    case "no-preload-needed":
    case "batch-plateau":
    case "no-fragmentation":
      return null; // no action of its own, or one that the limit already tells
  }
}

function leastEnergy({ mostEfficient, fastest }: Efficiency): Inline | null {
  const energy = energyInWords(mostEfficient, fastest);
  if (mostEfficient === null || energy === null) return null;
  const { batchSize, concurrency, batching } = mostEfficient;
  return say`For the least energy ${sending(batchSize, batching)}, ${atATime(concurrency)}: ${energy}.`;
}

function limit(findings: readonly Finding[]): string | null {
  const main = findings.find((finding) => finding.code === "bottleneck");
  if (main?.code !== "bottleneck") return null;
  // Where nothing succeeded, the errors are the answer.
  if (main.bottleneck === "unknown" && main.evidence.missing.includes("success")) return null;
  return limitInWords(main);
}

/** A batch size as what to do. */
function sending(batchSize: number, batching?: "server"): string {
  if (batching === "server") return `register the model with batch size ${batchSize} and send single requests`;
  return batchSize === 1 ? "send single items" : `send batches of ${batchSize}`;
}

const requests = (concurrency: number) => concurrency === 1 ? "one request" : `${concurrency} requests`;

const atATime = (concurrency: number | null) => `${concurrency === 1 ? "one" : concurrency} at a time`;

/** What an answer is made from. */
export type Answered = Pick<Report, "findings" | "recommendations" | "tests">;

/**
 * The answer, sentence by sentence, the most important first: what a single test found, what to do, what the limit is.
 *
 * @param report Its results, and what the analysis made of them.
 * @returns At least one sentence.
 */
export function answerOf({ tests, findings, recommendations }: Answered): readonly Inline[] {
  const { found, next } = foundInWords(tests, recommendations);
  const actions = recommendations.map(action).filter((sentence) => sentence !== null);
  const known = [...(found === null ? [] : [found]), ...actions];
  if (known.length === 0) known.push(say`Nothing can be recommended from these results.`);
  if (actions.length === 0 && next !== null) known.push(next);
  const isSingle = resultsOf(tests).length < 2;
  const told = limit(isSingle ? findings.filter((finding) => !isUnknownLimit(finding)) : findings);
  return told === null ? known : [...known, say`${told}`];
}

/** That one test alone cannot tell the limit goes without saying. */
export function isUnknownLimit(finding: Finding): boolean {
  return finding.code === "bottleneck" && finding.bottleneck === "unknown";
}

/**
 * The answer in one paragraph.
 *
 * @param report Its results, and what the analysis made of them.
 */
export function headline(report: Answered): Inline {
  return joined(answerOf(report), " ");
}
