/** How the second of two runs or servers stands against the first in one figure. */
export type ComparisonVerdict = "better" | "worse" | "no difference found" | "cannot tell";
