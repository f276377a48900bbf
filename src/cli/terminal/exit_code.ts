import { ExchangeError, TargetError, UsageError } from "../../core/errors.ts";
import { deniedPermission } from "./describe_error.ts";

/** What the command's exit code says. */
export const EXIT_CODE = {
  /** Done. */
  done: 0,
  /** A gate failed: what was measured is worse than was allowed. */
  gateFailed: 1,
  /** Wrong usage: an option, a file or a combination that cannot be. */
  usage: 2,
  /** The server is unreachable, unhealthy, no inference server, or lacks the model. */
  target: 3,
  /** Interrupted; what was measured until then is written and marked. */
  interrupted: 4,
  /** A fault of torchgauge, or something that was asked for and could not be written. */
  fault: 5,
  /** A test unloaded the model, and it could not be loaded again: it is gone from the server. */
  modelLost: 6,
} as const;

/** One value of {@linkcode EXIT_CODE}. */
export type ExitCode = typeof EXIT_CODE[keyof typeof EXIT_CODE];

/** What {@linkcode EXIT_CODE.fault} means, for people. */
export const FAULT_MEANING = "results could not be written, or a fault of torchgauge";

/** Every exit code with its meaning for people, in ascending order. */
export const EXIT_CODE_MEANINGS: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: EXIT_CODE.done, meaning: "done" },
  { code: EXIT_CODE.gateFailed, meaning: "a gate failed" },
  { code: EXIT_CODE.usage, meaning: "wrong usage" },
  { code: EXIT_CODE.target, meaning: "the server is unreachable, unhealthy or lacks the model" },
  { code: EXIT_CODE.interrupted, meaning: "interrupted or left alone, partial results are written" },
  { code: EXIT_CODE.fault, meaning: FAULT_MEANING },
  { code: EXIT_CODE.modelLost, meaning: "the model was unloaded and could not be loaded again" },
];

/**
 * The exit code for an error that ends the command.
 *
 * @param error What was thrown.
 * @returns The code; {@linkcode EXIT_CODE.fault} for what nobody foresaw.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { UsageError } from "../../core/errors.ts";
 *
 * assertEquals(exitCodeOf(new UsageError("Cannot")), EXIT_CODE.usage);
 * assertEquals(exitCodeOf(new Error("?")), EXIT_CODE.fault);
 * ```
 */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof Deno.errors.NotCapable) return EXIT_CODE.usage;
  if (error instanceof TargetError || error instanceof ExchangeError) return EXIT_CODE.target;
  if (error instanceof Error && deniedPermission(error) !== null) return EXIT_CODE.usage;
  if (error instanceof Error && error.name === "AbortError") return EXIT_CODE.interrupted;
  return EXIT_CODE.fault;
}
