import type { Figure } from "../figure.ts";

/**
 * What the rates of a kind of result count: items where runs of it are compared by them, since its batches differ and its
 * requests are not alike.
 *
 * @param spec What is known of its kind.
 * @param spec.figures Its figures.
 */
export function countedBy(
  { figures }: { readonly figures: readonly Pick<Figure<never>, "compared" | "unit">[] },
): "predictions" | "requests" {
  return figures.some(({ compared, unit }) => compared && unit === "predictions/s") ? "predictions" : "requests";
}
