import type { Session } from "../../measure/session.ts";
import { cutWindow, windowOf } from "../../measure/window/sample_window.ts";
import type { Visit } from "../../measure/window/visit.ts";
import type { PromptsResult } from "../../results/kinds/prompts.ts";
import type { ClosedLoad } from "../../results/window/load.ts";
import { FEWEST_LEVELS, FEWEST_POINTS, lineLaw, type LinePoint } from "../../stats/line/line_law.ts";

/** What each visit to a level tells of its answers. */
interface TimedPrompt {
  readonly words: number;
  readonly tokens: number;
  readonly firstTokenMs: number;
}

/**
 * The law of the time to first token over the length of prompts, by the server's tokens where it counts them. Requests are
 * resampled, never tokens.
 *
 * @param session The test.
 * @param loads Of the levels.
 * @param absences Is told why there is none.
 */
export function promptLaw(
  { windows, kind, seed }: Session,
  loads: readonly (ClosedLoad & { readonly promptWords: number })[],
  absences: Record<string, string>,
): Pick<PromptsResult, "law" | "off" | "lengthIn"> {
  const levels = loads.map((load) => windows.of(load, kind).map((visit) => promptsOf(visit, load.promptWords)));
  const lengthIn = areCounted(levels.map((visits) => visits.flat()), absences) ? "tokens" : "words";
  const pointOf = (prompt: TimedPrompt): LinePoint => ({ x: prompt[lengthIn], y: prompt.firstTokenMs });
  const verdict = lineLaw(levels.map((visits) => visits.map((visit) => visit.map(pointOf))), seed);
  switch (verdict.kind) {
    case "line": {
      const { intercept: interceptMs, slope: perTokenMs } = verdict.law;
      return { lengthIn, law: { interceptMs, perTokenMs } };
    }
    case "curved": {
      const { x: length, y: medianMs, line: lineMs } = verdict.off;
      absences["law"] = `no straight line fits: at ${Math.round(length)} ${lengthIn} the median is ` +
        `${inMs(medianMs)}, and the best line says ${inMs(lineMs)}`;
      return { lengthIn, law: null, off: { length, medianMs, lineMs } };
    }
    case "too few": {
      absences["law"] = `it takes ${FEWEST_POINTS} answers to each of ${FEWEST_LEVELS} lengths: ${
        verdict.levels || "none"
      } had them`;
      return { lengthIn, law: null };
    }
  }
}

/** Whether the server counts tokens, and more of them in longer prompts. */
function areCounted(levels: readonly (readonly TimedPrompt[])[], absences: Record<string, string>): boolean {
  const answered = levels.filter((prompts) => prompts.length > 0);
  if (answered.some((prompts) => prompts.some(({ tokens }) => Number.isNaN(tokens)))) return false;
  const means = answered.map((prompts) => prompts.reduce((sum, { tokens }) => sum + tokens / prompts.length, 0));
  const wrong = means.findIndex((mean, i) => i > 0 && !(mean > means[i - 1]!));
  if (wrong === -1) return true;
  const [short, long] = [wrong - 1, wrong].map((i) =>
    `${Math.round(means[i]!)} in prompts of ${answered[i]![0]!.words} words`
  );
  absences["promptTokens"] = `the server counts ${short} and ${long}`;
  return false;
}

const inMs = (ms: number) => `${Number(ms.toPrecision(3))} ms`;

function promptsOf({ run }: Visit, words: number): TimedPrompt[] {
  return windowOf(run).flatMap((window) => {
    const { samples } = window;
    return Array.from(cutWindow(window).indices).filter((i) => samples.succeeded(i)).map((i) => ({
      words,
      tokens: samples.stream(i, "promptTokens"),
      firstTokenMs: samples.stream(i, "firstTokenAt") - samples.sentAt(i),
    }));
  });
}
