import type { Estimate } from "../../core/estimate.ts";
import type { Window } from "../window/window.ts";

/** What a load of streamed answers is chosen by; each left out where there is none. */
export interface StreamedEvidence {
  /** Output tokens of all answers together; left out where nothing counts them. */
  readonly outputTokensPerSecond?: Estimate;
  /** 95th percentile of the time to first token, ms. */
  readonly firstTokenP95Ms?: Estimate;
}

/** {@linkcode StreamedEvidence} of a window; nothing where its answers were not streamed. */
export function streamedEvidence(
  { firstTokenMs, outputTokensPerSecond }: Pick<Window, "firstTokenMs" | "outputTokensPerSecond">,
): StreamedEvidence {
  if (!firstTokenMs) return {};
  return { firstTokenP95Ms: firstTokenMs.p95, ...(outputTokensPerSecond ? { outputTokensPerSecond } : {}) };
}
