import { TargetError, UsageError } from "../../core/errors.ts";

/**
 * One message for people: what is wrong and, on a line of its own, what to do about it. A stack trace is shown only of
 * what nobody foresaw, and only with `--verbose`.
 *
 * @param error What was thrown.
 * @param verbose Whether details are wanted.
 */
export function describeError(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return `Error: ${error}`;
  const hint = error instanceof UsageError || error instanceof TargetError ? error.hint : undefined;
  const foreseen = error instanceof UsageError || error instanceof TargetError;
  const lines = [`Error: ${error.message}`];
  if (hint !== undefined) lines.push(`Hint: ${hint}`);
  if (!foreseen) {
    lines.push(
      verbose ? error.stack ?? "" : "Hint: This is a fault of torchgauge. Run it with --verbose and report it.",
    );
  }
  return lines.join("\n");
}
