import { TEST_KINDS } from "../../results/result.ts";

/** What `--test-type` takes. */
export const TEST_TYPES = [...TEST_KINDS, "load", "ab", "comprehensive"] as const;

/** One member of {@linkcode TEST_TYPES}. */
export type TestType = typeof TEST_TYPES[number];

/** What may stand behind an option. Bounds are inclusive. */
export type OptionValue =
  | { readonly kind: "flag" }
  | { readonly kind: "text"; readonly placeholder: string }
  | { readonly kind: "choice"; readonly placeholder: string; readonly choices: readonly string[] }
  | {
    readonly kind: "seconds" | "whole" | "number" | "list" | "numbers";
    readonly least: number;
    readonly most: number;
  };

/** One option of the command line. */
export interface OptionSpec {
  /** Name without the dashes. */
  readonly name: string;
  /** One letter that means the same. */
  readonly short?: string;
  /** Heading below which the help lists it. */
  readonly group: "What to measure" | "The server" | "Results" | "Instead of a test";
  /** What stands behind it. */
  readonly value: OptionValue;
  /** What it is, for people. */
  readonly description: string;
  /** What holds without it, for people. */
  readonly default?: string;
  /** The tests that it applies to. @default {all, and what is asked for instead of a test does not take it} */
  readonly tests?: readonly TestType[];
  /** Whether it may be given several times. @default {false} */
  readonly repeatable?: true;
}
