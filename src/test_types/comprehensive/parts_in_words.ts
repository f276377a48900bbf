import type { Environment } from "../../results/environment.ts";
import type { RunPart } from "../../results/resume/run_part.ts";

/**
 * What a run of several parts has to say of that, for people; pure.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { partsInWords } from "./parts_in_words.ts";
 *
 * assertEquals(partsInWords([]), []);
 * ```
 *
 * @param parts Its parts; none where it ran in one go.
 * @returns Sentences.
 */
export function partsInWords(parts: readonly RunPart[]): string[] {
  if (parts.length === 0) return [];
  const changes = parts.slice(1).flatMap(({ environment }, i) => changesOf(parts[i]!.environment, environment));
  const cached = parts.filter(({ cache }) => cache?.verdict === "cache");
  return [
    `This run broke off and went on: its tests were measured in ${parts.length} parts, and a load that tests of several parts ` +
    "share was measured in each.",
    ...changes.length === 0 ? [] : [`Between its parts the machine changed: ${[...new Set(changes)].join(", ")}.`],
    ...cached.map(({ startedAt }) =>
      `In the part that began at ${startedAt} the server answered repeated requests from a cache.`
    ),
  ];
}

/** What matters little; other processors, memory or GPUs are refused. */
function changesOf(before: Environment, now: Environment): string[] {
  const drivers = ({ gpus }: Environment) => gpus.map(({ driver }) => driver ?? "unknown").join(" and ");
  return [
    ...before.os === now.os ? [] : [`${before.os} became ${now.os}`],
    ...before.deno === now.deno ? [] : [`Deno ${before.deno} became ${now.deno}`],
    ...drivers(before) === drivers(now) ? [] : [`the GPU's driver ${drivers(before)} became ${drivers(now)}`],
    ...before.host === undefined || now.host === undefined || before.host === now.host ? [] : ["it has another name"],
  ];
}
