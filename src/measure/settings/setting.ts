import type { InputSpec } from "../../core/model_input.ts";
import type { RequestParameters } from "../../core/request/parameters.ts";
import { RESULT_KINDS, type ResultKind } from "../../results/kinds.ts";
import type { AbOptions, ComprehensiveOptions, LoadOptions } from "./options.ts";

/** Everything that can be run. */
export const TEST_NAMES: readonly TestName[] = [
  ...RESULT_KINDS.filter((kind) => kind !== "operating-points"),
  "comprehensive",
];

/** The test that runs where none is named. */
export const USUAL_TEST: TestName = "basic";

/** Of one server: an A/B test has two, and options of one could be about neither. */
export const ONE_SERVER_TESTS: readonly TestName[] = TEST_NAMES.filter((name) => name !== "ab");

/** Those that have levels: the phases of the memory test have lengths of their own. */
export const LEVEL_TESTS: readonly TestName[] = TEST_NAMES.filter((name) => name !== "memory");

/** Those that send what they are given: the prompts test makes prompts of the lengths that it compares. */
export const GIVEN_INPUT_TESTS: readonly TestName[] = TEST_NAMES.filter((name) => name !== "prompts");

/** One member of {@linkcode TEST_NAMES}: every kind of result that is asked for by itself, and all of them together. */
export type TestName = Exclude<ResultKind, "operating-points"> | "comprehensive";

/** All settings of the tests: their options but for what is not a value, such as a clock. */
export type Settings = Omit<
  ComprehensiveOptions & LoadOptions & AbOptions,
  "signal" | "haltSignal" | "onProgress" | "sampleLog" | "tokenCounter" | "workers" | "openGpus" | "clock"
>;

/** Key of one setting. */
export type SettingKey = keyof Settings;

interface Bounded<Kind> {
  readonly kind: Kind;
  /** The least that it may be. */
  readonly least: number;
  /** The most that it may be. */
  readonly most: number;
  /** The most that it may be unless heavy load is allowed; left out where that is the same. */
  readonly cap?: number;
}

/**
 * What a setting may be, by the type of its values.
 *
 * - `whole`, `number`: a number; `ms`: a time; `wholes`, `numbers`: a list of at least one
 * - `span`: a rate at the begin and one at the end, of which not both may be 0
 * - `pids`: a process id, or a list of at least one
 * - `moments`: times, ms, ascending
 * - `objectives`: text that `parseObjectives` reads
 * - `limits`: text that `parseRequestLimits` reads
 * - `metrics-url`: URL that `parseMetricsUrl` reads; what is secret in it is shown nowhere
 * - `gpus`: numbers and UUIDs of GPUs, at least one
 * - `items`: what to send
 * - `parameters`: names with numbers, booleans and texts
 */
export type SettingValueOf<Value> = unknown extends Value ? SettingValue
  : [Value] extends [boolean] ? { readonly kind: "flag" }
  : [Value] extends [number] ? Bounded<"whole" | "number" | "ms">
  : [Value] extends [readonly number[]] ? Bounded<"wholes" | "numbers"> | { readonly kind: "moments" }
  : [Value] extends [number | readonly number[]] ? Bounded<"pids">
  : [Value] extends [readonly (number | string)[]] ? { readonly kind: "gpus" }
  : [Value] extends [NonNullable<LoadOptions["ramp"]>] ? Bounded<"span">
  : [Value] extends [RequestParameters] ? { readonly kind: "parameters" }
  : [Value] extends [InputSpec] ? { readonly kind: "items" }
  : string extends Value ? { readonly kind: "objectives" | "limits" | "metrics-url" }
  : { readonly kind: "choice"; readonly choices: readonly Value[] };

/** What a setting may be. */
export type SettingValue =
  | Bounded<"whole" | "number" | "ms" | "wholes" | "numbers" | "pids" | "span">
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "flag" | "moments" | "objectives" | "limits" | "items" | "metrics-url" | "gpus" | "parameters" };

/** What holds where a setting is not given. */
export interface Default<Value> {
  /** In general. */
  readonly usual: Value;
  /** With `quick`, where that differs. */
  readonly quick?: Value;
  /** In tests in which it is another. */
  readonly of?: { readonly [Test in TestName]?: { readonly usual: Value; readonly quick?: Value } };
  /** What else there is to say of it, for people. */
  readonly note?: string;
}

/** One setting: what the library checks, what the command line reads and what both say of it. */
export interface Setting<Value = unknown> {
  /** What it may be. */
  readonly value: SettingValueOf<Value>;
  /** What it is, for people; without a full stop. */
  readonly meaning: string;
  /** What holds without it: values, or words where it follows from something else. */
  readonly default?: Default<Value> | string;
  /** The tests that take it. @default {all} */
  readonly tests?: readonly TestName[];
  /** Its name on the command line. @default {the key with dashes, without its unit} */
  readonly name?: string;
  /** `inputs`: what is sent; `server`: how to talk to it, whether or not a test runs. @default {what is measured} */
  readonly about?: "inputs" | "server";
  /** Whether it means nothing for the embedded server. @default {false} */
  readonly ownServer?: true;
  /** What it cannot stand beside. */
  readonly not?: readonly SettingKey[];
  /** What stands for it in tests that do not take it. */
  readonly counterpart?: SettingKey;
}
