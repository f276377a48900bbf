import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import type { Target } from "../../core/target.ts";
import type { Plan } from "../../measure/plan.ts";
import { runSession, type Test } from "../../measure/run_session.ts";
import type { Session } from "../../measure/session.ts";
import { checkOptions } from "../../measure/settings/check_options.ts";
import { defaultOf } from "../../measure/settings/default_of.ts";
import type { PromptsOptions } from "../../measure/settings/options.ts";
import { type Sweep, sweep } from "../../measure/sweep.ts";
import { passBudget } from "../../measure/window/window_budget.ts";
import { summariseWindow } from "../../measure/window/summarise_window.ts";
import type { PromptsResult } from "../../results/kinds/prompts.ts";
import { type AskedLengths, askLengths } from "./ask_lengths.ts";
import { checkPrefixCache } from "./prefix_cache.ts";
import { promptLaw } from "./prompt_law.ts";

/**
 * What do longer prompts cost, and does the server know them again? A closed loop over lengths of prompts, one answer at a time
 * unless more are asked for, each prompt new from its first word on; then new prompts against a repeated one (method 19).
 *
 * @param target The language model to measure, from `connect`; its answers are streamed.
 * @param options Lengths and bounds of each level.
 * @returns Time to first token and per output token by length, the straight line through the former where one fits, and whether
 * the server keeps what it computed of a prompt.
 * @throws {UsageError} If an option is out of its range, or answers are not streamed.
 */
export async function runPromptsTest(target: Target, options: PromptsOptions = {}): Promise<PromptsResult> {
  return (await promptsTest(target, options)).result();
}

/** Whether a model's answers are streamed, so that there is something to compare prompts by. */
export function isStreamed({ protocol }: Target): boolean {
  return protocol.openStream !== undefined;
}

/** The prompts test as part of a run. */
export const promptsTest: Test<"prompts", PromptsOptions> = (target, options, shared) => {
  checkOptions(options);
  if (!isStreamed(target)) {
    throw new UsageError(
      `Cannot compare prompts as "${target.model}" must be a language model whose answers are streamed: ` +
        `those of ${target.protocol.name} are not`,
      {
        hint: [
          ...naming`Name one with ${option("model")}: a server of language models lists them at /v1/models. `,
          ...naming`Where yours has no such list, name what it speaks with ${option("protocol")}.`,
        ],
      },
    );
  }
  const { promptLengths: wanted = defaultOf("promptLengths", options) } = options;
  const { concurrency = defaultOf("concurrency") } = options;
  return runSession("prompts", target, options, shared, async (session) => {
    const loadOf = (promptWords: number) => ({ kind: "closed", batchSize: 1, concurrency, promptWords } as const);
    session.progress("asking which lengths the server takes", 0);
    const asked = await askLengths(session, wanted);
    const summarise = ({ levels, isOver }: Sweep, absences: Record<string, string>) => {
      const loads = levels.map(loadOf);
      return {
        kind: "prompts" as const,
        concurrency,
        levels: loads.map((load) => ({
          words: load.promptWords,
          ...summariseWindow(load, session.windows.of(load, session.kind), absences).window,
        })),
        ...refusedOf(asked, absences),
        ...isOver ? promptLaw(session, loads, absences) : { lengthIn: "words" as const, law: null },
      };
    };
    const visited = await sweep(session, {
      levels: asked.taken,
      loadOf,
      label: "prompt length",
      unit: "requests/s",
      budgetOf: (pass) => passBudget({ ...options, durationMs: levelMs(options) }, pass),
      // The line rests on all of them.
      kept: asked.taken,
      summarise,
    });
    const answered = summarise(visited, {}).levels.filter(({ succeeded }) => succeeded > 0).map(({ words }) => words);
    const prefixCache = session.partial === null
      ? await checkPrefixCache(session, cacheLengths(answered, session))
      : null;
    return (absences) => ({ ...summarise(visited, absences), ...prefixCache === null ? {} : { prefixCache } });
  });
};

/** Answers of a language model take long, and a line through medians needs some of them. */
function levelMs({ durationMs, requests, quick = false }: PromptsOptions): number {
  return durationMs ?? (requests === undefined ? defaultOf("durationMs", { quick }, "prompts") : Infinity);
}

/** What the prompts test asks of the server. */
export function promptsPlan({ concurrency = defaultOf("concurrency") }: PromptsOptions): Plan {
  return { asked: { concurrency } };
}

/** The longest prompts that were answered, where a cache saves most; and where there is time, some in the middle. */
function cacheLengths(answered: readonly number[], { options }: Session): readonly number[] {
  const longest = answered.slice(-1);
  return options.quick || answered.length < 3 ? longest : [answered[answered.length >> 1]!, ...longest];
}

function refusedOf({ taken, refused }: AskedLengths, absences: Record<string, string>) {
  if (refused.length === 0) return {};
  if (taken.length === 0) absences["levels"] = `the server refused every length: ${refused[0]!.reason}`;
  return { refused };
}
