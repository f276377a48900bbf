import { KINDS, type ResultByKind, type ResultKind, type TestResult } from "../../results/kinds.ts";
import type { Kind } from "../../results/kinds/kind.ts";
import { loadLimits } from "../../results/kinds/load_limits.ts";
import type { Block } from "./block.ts";
import { legend } from "./block.ts";

/** A word of a section, and what it means. */
type Term = readonly [word: string, meaning: string];

/** Where a section shows it. */
const where = (isShown: boolean, ...terms: readonly Term[]): readonly Term[] => isShown ? terms : [];

/** The words of each section that somebody may not know who has not measured a server before. */
const TERMS: { readonly [K in ResultKind]?: (result: ResultByKind[K]) => readonly Term[] } = {
  "basic": ({ load, latencyMs, firstByteMs, serverMs, firstTokenMs, tokenMs }) => [
    ...where(load.kind === "closed", ["concurrency", "requests outstanding at any time"]),
    ...where(latencyMs !== null, ["95th percentile (p95)", "95% of the requests were faster"]),
    ...where((firstByteMs ?? null) !== null, ["first byte", "until the answer began"]),
    ...where((serverMs ?? null) !== null, ["server time", "the part of it that the server says it worked"]),
    ...where((firstTokenMs ?? null) !== null, ["first token", "until the first words came"]),
    ...where((tokenMs ?? null) !== null, ["output token", "time for each token of an answer after the first"]),
  ],
  "latency": ({ cold, warm }) => [
    ...where(cold !== null, [
      "cold start",
      "loading the model and asking it for the first time, once it was seen to be absent",
    ]),
    ...where(warm !== null, ["warm", "the model is loaded and was asked before"]),
    ...where(cold !== null && warm !== null, ["overhead", "cold less warm"]),
  ],
  "throughput": ({ levels }) =>
    where(
      levels.length > 0,
      ["batch", "items in one request"],
      ["pred/s", "items answered in a second"],
      ["1.00x", "speedup against batch 1"],
      ["plateau", "the first size that brings under 5% more than the one before"],
    ),
  "scalability": ({ levels, usl }) => [
    ...where(
      levels.length > 0,
      ["level", "requests outstanding at any time (concurrency)"],
      ["eff", "throughput of each of them, against level 1 (efficiency)"],
      ["degradation", "what the highest level loses against the best"],
      ["knee", "where more of them begin to bring less"],
    ),
    ...where(
      usl !== null,
      ["Universal Scalability Law", "a curve through the levels"],
      ["contention sigma", "share of the work that waits its turn"],
      ["coherency kappa", "what requests cost each other"],
      ["R2", "how well the curve fits, 1 at best"],
    ),
    ...where(levels.length > 0, [
      "Little's law",
      "throughput times latency is the concurrency, where a load was steady",
    ]),
  ],
  "prompts": ({ levels, law, prefixCache }) => [
    ...where(
      levels.length > 0,
      ["first token", "from sending a prompt until the first words came"],
      ["output token", "time for each token of an answer after the first"],
    ),
    ...where(law !== null, [
      "for each token",
      "slope of the straight line through the medians; the time before it is where that line begins",
    ]),
    ...where(prefixCache !== undefined, [
      "prefix cache",
      "what the server keeps of a prompt, for the next one that begins alike",
    ]),
  ],
  "memory": ({ scope, modelFootprintBytes, growth }) => [
    ...where(scope?.source === "process-tree-pss", ["PSS", "memory with pages that others share counted in part"]),
    ...where(modelFootprintBytes !== null, ["footprint", "loaded less absent"]),
    ...where(
      growth !== null,
      ["soak", "a steady load for a while"],
      ["growth", "what each of its requests leaves behind, a leak where it does not end"],
    ),
    ["fragmentation", "GPU memory that is reserved in pieces too small to use"],
  ],
  "load": ({ levels, capacity, arrivals }) => [
    ...where(
      levels.length > 0,
      ["offered", "requests due in a second, sent whether or not earlier ones were answered (open loop)"],
      ["sustained", "the server kept up with that rate"],
      ["saturated", "it did not"],
    ),
    ...where(
      loadLimits({ levels, capacity }).unclear.length > 0 ||
        capacity?.rate.probes.some(({ saturated }) => saturated === null) === true,
      ["may be saturated", "neither of the two is sure"],
    ),
    ...where(
      levels.length > 0,
      ["send lateness", "how late the client itself sent"],
    ),
    ...where(levels.length > 0 && arrivals.kind === "poisson", [
      "poisson arrivals",
      "each independent of the others, as from many users",
    ]),
    ...where((capacity?.goodputPerSecond ?? null) !== null, [
      "goodput",
      "answers in a second that kept the objectives",
    ]),
  ],
};

/**
 * What the words of a section mean, in a sentence below it.
 *
 * @param kind Which kind of result.
 * @param result What it tells.
 * @returns Empty where it has no such words.
 */
export function glossary(kind: ResultKind, result: TestResult): Block[] {
  const termsOf = TERMS[kind] as ((result: TestResult) => readonly Term[]) | undefined;
  const isLimited = (KINDS[kind] as Kind<TestResult>).windows(result).some(({ window }) => window.goodput);
  const terms = [
    ...termsOf?.(result) ?? [],
    ...where(isLimited === true, ["goodput", "requests in a second that keep every limit that was asked of each"]),
  ];
  return terms.length === 0
    ? []
    : [legend(`In words: ${terms.map(([word, meaning]) => `${word} = ${meaning}`).join("; ")}.`)];
}
