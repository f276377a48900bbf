import { UsageError } from "../../core/errors.ts";
import type { Report } from "../../results/report.ts";
import type { TestKind } from "../../results/comprehensive_kinds.ts";
import { COMPREHENSIVE_KINDS, kindsAsked } from "../../results/comprehensive_kinds.ts";
import type { TargetDescription } from "../../results/target_description.ts";
import type { ConnectServerOptions } from "../../protocols/connect_server.ts";
import { parametersInWords } from "../../measure/describe_target.ts";
import { askedOf } from "../../test_types/comprehensive/asked_of.ts";
import { checkSameRun, checkSameTarget } from "../../test_types/comprehensive/check_resumed.ts";
import { loadResultsFile } from "../inputs/report_file.ts";
import type { RunCommand } from "../options/command_line.ts";

const EMBEDDED = "the embedded server";

type ResumedCommand = Pick<RunCommand, "resume" | "options" | "server" | "model">;

/**
 * Reads what a run goes on with, before any server is asked: what is to be measured, and from where, is compared as far as the
 * command tells it.
 *
 * @param command The command.
 * @param kinds Its tests.
 * @param asked What it asks for besides the options of the tests.
 * @param how How it gets at the server.
 * @returns `null` where it begins anew.
 * @throws {UsageError} If the file cannot be read, is no results file, or is of another run.
 */
export async function readResumed(
  command: ResumedCommand,
  kinds: readonly TestKind[],
  asked: Readonly<Record<string, string>>,
  how: ConnectServerOptions,
): Promise<Report | null> {
  const { resume, options, server } = command;
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
  checkSameTarget(before, toldTarget(before, command, how));
  return before;
}

/** What was measured before, as far as the command does not say something else: the rest is asked of the server. */
function toldTarget(
  { target, asked = {} }: Report,
  { model, options: { parameters, sequenceLength } }: ResumedCommand,
  { protocol = "auto", connectionPerRequest, access }: ConnectServerOptions,
): TargetDescription {
  const { connectionPerRequest: _connections, unverified: _certificate, parameters: _parameters, ...others } = target;
  return {
    ...others,
    ...(model === null || model === asked["model"] ? {} : { model }),
    ...(protocol === "auto" ? {} : { protocol }),
    ...(connectionPerRequest ? { connectionPerRequest: true as const } : {}),
    ...(access?.insecure && target.url.startsWith("https:") ? { unverified: true as const } : {}),
    ...(parameters === undefined ? {} : { parameters: parametersInWords(parameters) }),
    ...(sequenceLength === undefined ? {} : { sequenceLength }),
  };
}
