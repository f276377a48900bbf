import type { Recommendation } from "../../results/recommendation.ts";
import type { Report } from "../../results/report.ts";
import { capitalized } from "../../words/inline.ts";
import { recommendationInWords } from "../../words/recommendation_in_words.ts";
import { badgeHtml } from "./blocks_html.ts";
import { inlineHtml } from "./inline_html.ts";
import { recommendationTone } from "../sections/analysis.ts";
import { KINDS, type ResultKind } from "../../results/kinds.ts";

/** Where the evidence of a recommendation stands. */
function sourcesOf(recommendation: Recommendation): readonly ResultKind[] {
  switch (recommendation.code) {
    case "operating-point":
      return ["operating-points"];
    case "batch-size":
    case "batch-plateau":
      return ["throughput"];
    case "concurrency":
    case "scale-out":
    case "reduce-contention":
      return ["scalability"];
    case "preload":
    case "no-preload-needed":
      return ["latency"];
    case "watch-gpu-leak":
    case "watch-leak":
    case "reduce-fragmentation":
    case "no-fragmentation":
      return ["memory"];
    case "efficient-point":
      return [(recommendation.evidence.mostEfficient ?? recommendation.evidence.fastest).test];
    case "relieve-host":
    case "unthrottle":
    case "use-idle-gpus":
      return [recommendation.evidence.gpu.test];
    case "size-without-cache":
      return ["basic"];
    case "fix-errors":
    case "heed-limit":
    case "quiet-client":
    case "stronger-client":
      return [recommendation.evidence.test];
    case "repeat-run": {
      const { slower, faster } = recommendation.evidence;
      return slower.source === faster.source ? [slower.source] : [slower.source, faster.source];
    }
  }
}

/**
 * What to do in the order in which to do it, each with its evidence and where that stands.
 *
 * @param recommendations Of a report.
 */
export function recommendationsHtml(recommendations: Report["recommendations"]): string {
  const items = recommendations.map((recommendation) => {
    const { label, evidence } = recommendationInWords(recommendation);
    const tone = recommendationTone(recommendation);
    const reason = evidence === null ? "" : `<br>${inlineHtml(capitalized(evidence))}`;
    const links = sourcesOf(recommendation).map((source) => `<a href="#${source}">${KINDS[source].title}</a>`);
    return `<li class="${tone}">${badgeHtml(tone)}<strong>${inlineHtml(label ?? "")}</strong>${reason} ` +
      `<span class="source">Evidence: ${links.join(", ")}</span></li>`;
  });
  return items.length === 0 ? "" : `<ol class="actions">${items.join("\n")}</ol>\n`;
}
