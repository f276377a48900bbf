import { UsageError } from "../../core/errors.ts";
import type { Report } from "../../results/report.ts";
import type { TestKind } from "../../results/comprehensive_kinds.ts";
import { COMPREHENSIVE_KINDS, kindsAsked } from "../../results/comprehensive_kinds.ts";
import { askedOf } from "../../test_types/comprehensive/asked_of.ts";
import { checkSameRun } from "../../test_types/comprehensive/check_resumed.ts";
import { loadResultsFile } from "../inputs/report_file.ts";
import type { RunCommand } from "../options/command_line.ts";

const EMBEDDED = "the embedded server";

/**
 * Reads what a run goes on with, before any server is asked: what is to be measured, and from where, is compared as far as the
 * command tells it.
 *
 * @param command The command.
 * @param kinds Its tests.
 * @param asked What it asks for besides the options of the tests.
 * @returns `null` where it begins anew.
 * @throws {UsageError} If the file cannot be read, is no results file, or is of another run.
 */
export async function readResumed(
  { resume, options, server }: Pick<RunCommand, "resume" | "options" | "server">,
  kinds: readonly TestKind[],
  asked: Readonly<Record<string, string>>,
): Promise<Report | null> {
  if (resume === null) return null;
  const before = await loadResultsFile(resume);
  const of = kinds === COMPREHENSIVE_KINDS ? kindsAsked(before.asked?.["tests"]) : kinds;
  checkSameRun(before, { ...askedOf(of, options), ...asked });
  const was = before.target.embedded ? EMBEDDED : before.target.url;
  const is = server.url ?? EMBEDDED;
  if (was !== is) {
    throw new UsageError(`Cannot go on with "--resume" as it must be the same server: it was ${was} and is ${is}`, {
      hint: was === EMBEDDED ? "Leave out --url." : `Give --url ${before.target.url}.`,
    });
  }
  return before;
}
