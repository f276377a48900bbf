import type { GenerationAsked, LengthsAsked } from "../results/asked/generation_asked.ts";
import type { Circumstance } from "../results/kinds/kind.ts";
import type { TargetDescription } from "../results/target_description.ts";

const OF_GENERATION: readonly Circumstance<GenerationAsked>[] = [
  { what: "endpoint", severity: "critical", of: ({ endpoint }) => endpoint },
  { what: "given prompts", severity: "critical", of: ({ prompts }) => prompts ?? "none" },
  { what: "prompt tokens", severity: "critical", of: ({ promptTokens }) => promptTokens && told(promptTokens) },
  { what: "output tokens", severity: "critical", of: ({ outputTokens }) => told(outputTokens) },
  { what: "fewest output tokens", severity: "critical", of: ({ minTokens }) => minTokens ?? "any" },
  { what: "an earlier end", severity: "critical", of: ({ ignoreEos }) => ignoreEos ? "not taken" : "taken" },
  { what: "sampling", severity: "warning", of: sampling },
  { what: "members of requests", severity: "warning", of: ({ members = [] }) => members.join(", ") || "the usual" },
];

/** What tells what a language model was asked for. */
type Asked = { readonly target: Pick<TargetDescription, "generation"> };

/** What a language model was asked for. Files of before it was recorded say nothing. */
export const GENERATION_CIRCUMSTANCES = OF_GENERATION.map(({ of, ...circumstance }): Circumstance<Asked> => ({
  ...circumstance,
  of: ({ target: { generation } }) => generation === undefined ? undefined : of(generation),
}));

function told({ mean, least, most, deviation }: LengthsAsked): string {
  if (deviation !== undefined) return `${mean} on average (normal, deviation ${deviation})`;
  return least === most ? `${mean}` : `${least ?? 1} to ${most ?? "any"}, ${mean} on average`;
}

function sampling({ temperature, topP, topK, samplingSeed }: GenerationAsked): string {
  const given = Object.entries({ temperature, "top-p": topP, "top-k": topK, seed: samplingSeed });
  return given.flatMap(([name, value]) => value === undefined ? [] : [`${name} ${value}`]).join(", ") || "the server's";
}
