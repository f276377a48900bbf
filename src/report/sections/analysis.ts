import type { Finding } from "../../results/finding.ts";
import type { Recommendation } from "../../results/recommendation.ts";
import type { Report } from "../../results/report.ts";
import { resultsOf } from "../../results/kinds.ts";
import { bottleneckOf } from "../../analysis/rule.ts";
import { findingInWords, imprecisionInWords } from "../../words/finding_in_words.ts";
import { headline, isUnknownLimit } from "../../words/headline.ts";
import { joined, say } from "../../words/inline.ts";
import { inlineRate, inlineTimeEstimate } from "../../words/inline_quantity.ts";
import { formatShare, UNITS } from "../../words/quantity.ts";
import { recommendationInWords } from "../../words/recommendation_in_words.ts";
import { sentenceOf } from "../../words/statement.ts";
import { askedOf } from "../../words/window/level_notes.ts";
import { answer, type Block, fact, facts, heading, type Item, item, list, type Tone } from "./block.ts";

const INDENT = 3;

function basicSummary({ target, tests: { basic } }: Report): Block[] {
  if (!basic) return [];
  const { requestsPerSecond, predictionsPerSecond, clientLimited, latencyMs, requests, succeeded } = basic;
  return [
    heading(3, "Basic performance summary", { emoji: "📊" }),
    facts([
      fact("Model", target.model),
      ...(requestsPerSecond && predictionsPerSecond
        ? [fact(
          "Throughput",
          joined([
            inlineRate(requestsPerSecond, UNITS.requestsPerSecond, clientLimited),
            inlineRate(predictionsPerSecond, UNITS.predictionsPerSecond, clientLimited),
          ], ", "),
        )]
        : []),
      ...(latencyMs
        ? [fact("Latency", say`${inlineTimeEstimate(latencyMs.mean)} avg, ${inlineTimeEstimate(latencyMs.p95)} p95`)]
        : []),
      ...(requests > 0 ? [fact("Success Rate", formatShare(succeeded, askedOf(basic)))] : []),
    ], INDENT),
  ];
}

const TONES = { critical: "critical", warning: "warning", info: "plain" } as const;

function items(title: string, emoji: string, items: readonly Item[]): Block[] {
  return items.length === 0 ? [] : [heading(3, title, { emoji }), list(items, INDENT)];
}

/** Findings in words, without those that the bottleneck already tells, and all imprecision in one line. */
function findingItems(findings: readonly Finding[]): Item[] {
  const limited = bottleneckOf(findings, "client")?.evidence.test;
  const imprecise = findings.flatMap((finding) => finding.code === "not-converged" ? [finding.evidence] : []);
  return [
    ...findings
      .filter((finding) => finding.code !== "not-converged")
      .filter((finding) => !(finding.code === "client-limited" && finding.evidence.test === limited))
      .map((finding) => item(sentenceOf(findingInWords(finding)), TONES[finding.severity])),
    ...(imprecise.length === 0 ? [] : [item(sentenceOf(imprecisionInWords(imprecise)))]),
  ];
}

/** What the answer is called: that of several tests is what to do. */
export function answerTitle(report: Pick<Report, "tests">): string {
  return isSingleTest(report) ? "In short" : "What to do";
}

/** The answer, which stands before all numbers. */
export function answerBlocks(report: Report): Block[] {
  return [answer([fact(answerTitle(report), headline(report))])];
}

/** What the answer over all tests rests on; under its title the answer itself, unless it was given right before. */
export function analysisSection(report: Report, isAnswered = false): Block[] {
  return [
    heading(2, "Comprehensive performance analysis", { emoji: "🎯" }),
    ...(isAnswered ? [] : answerBlocks(report)),
    ...basicSummary(report),
    ...findingsSection(report),
  ];
}

/** Whether a report holds no more than one test. */
export function isSingleTest({ tests }: Pick<Report, "tests">): boolean {
  return resultsOf(tests).length < 2;
}

/** What is worth telling of the findings: that one test alone cannot tell the bottleneck goes without saying. */
export function toldFindings(report: Pick<Report, "findings" | "tests">): readonly Finding[] {
  return report.findings.filter((finding) => !(isSingleTest(report) && isUnknownLimit(finding)));
}

/** What the results show. */
export function findingsSection(report: Report): Block[] {
  return items("Findings", "🔎", findingItems(toldFindings(report)));
}

/** What to do, in the order in which to do it. */
export function recommendationsSection({ recommendations }: Report): Block[] {
  return items(
    "Performance recommendations",
    "💡",
    recommendations.map((recommendation) =>
      item(sentenceOf(recommendationInWords(recommendation)), recommendationTone(recommendation))
    ),
  );
}

const RECOMMENDATION_TONES: Readonly<Partial<Record<Recommendation["code"], Tone>>> = {
  "no-preload-needed": "good",
  "no-fragmentation": "good",
  "fix-errors": "critical",
};

/** What kind of news a recommendation is. */
export function recommendationTone({ code }: Recommendation): Tone {
  return RECOMMENDATION_TONES[code] ?? "plain";
}

/** What limits what the numbers can carry. */
export function warningsSection({ warnings }: Report): Block[] {
  return items("Warnings", "🚧", warnings.map((text) => item(text, "warning")));
}
