import { TargetError, UsageError } from "../../core/errors.ts";
import { inWords } from "../../core/option_words.ts";
import { flagInHint, flagOf } from "../options/options.ts";
import { OutputError } from "./output_error.ts";

/**
 * One message for people: what is wrong and, on a line of its own, what to do about it. A stack trace is shown only of
 * what nobody foresaw, and only with `--verbose`. Options are called by their flags.
 *
 * @param error What was thrown.
 * @param verbose Whether details are wanted.
 */
export function describeError(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return `Error: ${error}`;
  if (error instanceof UsageError || error instanceof TargetError) {
    const { message, hint } = error.words;
    const said = `Error: ${inWords(message, flagOf)}`;
    return hint === undefined ? said : `${said}\nHint: ${inWords(hint, flagInHint)}`;
  }
  if (error instanceof OutputError) return `Error: ${error.message}`;
  const denied = deniedPermission(error);
  if (denied !== null) {
    return `Error: Cannot go on as Deno must permit it: ${denied}\n` +
      "Hint: Give that flag beside the permissions of the task, or -A.";
  }
  const more = verbose
    ? error.stack ?? ""
    : "Hint: This is a fault of torchgauge. Run it with --verbose and report it.";
  return `Error: ${error.message}\n${more}`;
}

/**
 * Deno's words where a permission lacks, with what they come from: one that was caught elsewhere is known by them alone.
 *
 * @param error What was thrown.
 * @returns What is required and the flag that gives it, or `null`.
 */
export function deniedPermission(error: Error): string | null {
  const [, kind, what, flag] =
    /Requires (\w+) access to (.*), run again with the (--allow-[a-z]+)/.exec(error.message) ?? [];
  return flag === undefined ? null : `it was started without ${flag}, and requires ${kind} access to ${what}`;
}
