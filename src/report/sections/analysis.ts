import type { Finding } from "../../results/finding.ts";
import type { Report } from "../../results/report.ts";
import { TEST_KINDS } from "../../results/result.ts";
import { bottleneckOf } from "../../analysis/rule.ts";
import { type Block, heading, type Item, list, paragraph, subheading, type Tone } from "./block.ts";
import { formatEstimate, formatShare, formatTimeEstimate, UNITS } from "../../words/quantity.ts";
import { findingInWords, imprecisionInWords } from "../../words/finding_in_words.ts";
import { recommendationInWords } from "../../words/recommendation_in_words.ts";
import { headline } from "../../words/headline.ts";

const INDENT = 3;

function basicSummary({ target, tests: { basic } }: Report): Block[] {
  if (!basic) return [];
  const { requestsPerSecond, predictionsPerSecond, latencyMs, requests, succeeded } = basic;
  return [
    subheading("BASIC PERFORMANCE SUMMARY:", "📊"),
    list([
      `Model: ${target.model}`,
      ...(requestsPerSecond && predictionsPerSecond
        ? [
          `Throughput: ${formatEstimate(requestsPerSecond, UNITS.requestsPerSecond)}, ` +
          formatEstimate(predictionsPerSecond, UNITS.predictionsPerSecond),
        ]
        : []),
      ...(latencyMs
        ? [`Latency: ${formatTimeEstimate(latencyMs.mean)} avg, ${formatTimeEstimate(latencyMs.p95)} p95`]
        : []),
      ...(requests > 0 ? [`Success Rate: ${formatShare(succeeded, requests)}`] : []),
    ], INDENT),
  ];
}

const TONES = { critical: "critical", warning: "warning", info: "plain" } as const;

function items(title: string, emoji: string, items: readonly Item[]): Block[] {
  return items.length === 0 ? [] : [subheading(title, emoji), { kind: "list", items, indent: INDENT }];
}

/** Findings in words, without those that the bottleneck already tells, and all imprecision in one line. */
function findingItems(findings: readonly Finding[]): Item[] {
  const limited = bottleneckOf(findings, "client")?.evidence.test;
  const imprecise = findings.flatMap((finding) => finding.code === "not-converged" ? [finding.evidence] : []);
  return [
    ...findings
      .filter((finding) => finding.code !== "not-converged")
      .filter((finding) => !(finding.code === "client-limited" && finding.evidence.test === limited))
      .map((finding): Item => ({ text: findingInWords(finding), tone: TONES[finding.severity] })),
    ...(imprecise.length === 0 ? [] : [{ text: imprecisionInWords(imprecise), tone: "plain" } as const]),
  ];
}

/** The answer over all tests: what to do, then what it rests on. */
export function analysisSection(report: Report): Block[] {
  return [
    heading("🎯", "COMPREHENSIVE PERFORMANCE ANALYSIS"),
    paragraph(headline(report)),
    ...basicSummary(report),
    ...findingsSection(report),
  ];
}

/** Whether a report holds no more than one test. */
export function isSingleTest({ tests }: Pick<Report, "tests">): boolean {
  return TEST_KINDS.filter((kind) => tests[kind] !== undefined).length < 2;
}

/** What is worth telling of the findings: that one test alone cannot tell the bottleneck goes without saying. */
export function toldFindings(report: Pick<Report, "findings" | "tests">): readonly Finding[] {
  return report.findings.filter((finding) =>
    !(isSingleTest(report) && finding.code === "bottleneck" && finding.bottleneck === "unknown")
  );
}

/** What the results show. */
export function findingsSection(report: Report): Block[] {
  return items("FINDINGS:", "🔎", findingItems(toldFindings(report)));
}

/** What to do, in the order in which to do it. */
export function recommendationsSection({ recommendations }: Report): Block[] {
  const toneOf = (code: string): Tone => GOOD_NEWS.has(code) ? "good" : code === "fix-errors" ? "critical" : "plain";
  return items(
    "PERFORMANCE RECOMMENDATIONS:",
    "💡",
    recommendations.map((recommendation) => ({
      text: recommendationInWords(recommendation),
      tone: toneOf(recommendation.code),
    })),
  );
}

const GOOD_NEWS: ReadonlySet<string> = new Set(["no-preload-needed", "no-fragmentation"]);

/** What limits what the numbers can carry. */
export function warningsSection({ warnings }: Report): Block[] {
  return items("WARNINGS:", "🚧", warnings.map((text) => ({ text, tone: "warning" })));
}
