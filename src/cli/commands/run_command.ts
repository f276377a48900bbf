import { UsageError } from "../../core/errors.ts";
import type { Measurements, Report } from "../../results/report.ts";
import { COMPREHENSIVE_KINDS, comprehensiveKinds, kindsAsked } from "../../results/comprehensive_kinds.ts";
import { checkBaseline } from "../../compare/check_baseline.ts";
import { evaluateGate } from "../../objectives/evaluate_gate.ts";
import { busyMachine } from "../../observe/host_busy.ts";
import { createReport } from "../../report/create_report.ts";
import { formatChecks } from "../../report/format_comparison.ts";
import { runTests } from "../../test_types/comprehensive.ts";
import { boundedOptions } from "../../test_types/comprehensive/bounded_options.ts";
import { testsLeft } from "../../test_types/comprehensive/kept_results.ts";
import { isStreamed } from "../../test_types/prompts/prompts.ts";
import { longestMs } from "../../test_types/comprehensive/longest_ms.ts";
import type { RunCommand } from "../options/command_line.ts";
import { checkSameTarget, readBaseline } from "./baseline.ts";
import { commandText } from "../terminal/command_text.ts";
import type { Console } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import { LANGUAGE_MODEL } from "../../embedded/language/name.ts";
import { EMBEDDED_MODEL, openServer } from "./open_server.ts";
import { openTarget } from "./open_target.ts";
import { inputsOf } from "../inputs/given_inputs.ts";
import { readInputData } from "../inputs/input_data.ts";
import { checkOpenFiles } from "./check_open_files.ts";
import { checkLoadInFlight } from "../inputs/load_in_flight.ts";
import { checkOutputs } from "./check_outputs.ts";
import { readTrace } from "../inputs/trace.ts";
import { checkStreamedGate } from "../../measure/streams/check_streamed.ts";
import { describeTarget } from "../../measure/describe_target.ts";
import { openProgressBar } from "../terminal/progress_bar.ts";
import { connectOptions } from "./server_access.ts";
import { askedOfCommand } from "../resume/asked_of_command.ts";
import { goOnInWords, withoutResume } from "../resume/go_on.ts";
import { checkNewSamples, journalPath, openJournal } from "../resume/journal.ts";
import { readResumed } from "../resume/read_resumed.ts";
import { givenTokenizer } from "../tokenizer/given_tokenizer.ts";
import { openWorkers } from "../workers/open_workers.ts";
import { openSamples } from "../samples/open_samples.ts";
import { exitCodeOfRun, writeReport } from "./write_report.ts";

/**
 * Runs tests and writes their results. Everything that can be wrong with the user's files is found before the server is
 * asked for anything, and what was measured is written whatever happens then.
 *
 * @param command What to run.
 * @param argv The command line, for the record.
 * @param console Where it prints.
 * @param signal Ends the tests early.
 * @param haltSignal Ends what goes on after that: nothing is waited for any more.
 */
export async function runCommand(
  command: RunCommand,
  argv: readonly string[],
  console: Console,
  signal: AbortSignal,
  haltSignal?: AbortSignal,
): Promise<ExitCode> {
  const { samples: samplesFile, testType, options } = command;
  const kept = await journalPath(command);
  await checkOutputs(command);
  await checkNewSamples(command);
  const raw = command.inputData === null ? null : await readInputData(command.inputData);
  const inputs = inputsOf(raw, command.inputOverrides, (text) => console.error(text));
  await using tokenizer = await givenTokenizer(command.server, signal);
  const access = await connectOptions(command.server, console, tokenizer);
  const how = testType === "prompts" ? { ...access, writes: true } : access;
  const traceMs = command.trace === null ? undefined : await readTrace(command.trace);
  const usual = testType === "comprehensive" ? COMPREHENSIVE_KINDS : [testType];
  const given = { ...options, ...(traceMs === undefined ? {} : { traceMs }) };
  const baseline = command.baseline === null ? null : await readBaseline(command.baseline.path, usual, given);
  const model = command.model ?? modelOfOwn(command);
  const asked = askedOfCommand(command, how, raw);
  const resumed = await readResumed({ ...command, model }, usual, asked, how);
  const before = resumed === null ? null : kindsAsked(resumed.asked?.["tests"]);
  if (resumed !== null && testsLeft(resumed, before!).length === 0) {
    return await writeAgain(resumed, command, baseline, console);
  }
  // A server that starts keeps the machine busy with what is measured.
  const busy = await busyMachine();
  await using server = await openServer(command.server, console, {
    verbose: command.verbose,
    signal,
    ...(haltSignal === undefined ? {} : { haltSignal }),
    start: command.start,
    model,
  });
  await using target = await openTarget(
    { ...command, model },
    { ...server, waitMs: command.server.waitMs ?? 0 },
    how,
    inputs,
    console,
    signal,
  );
  checkStreamedGate(target, command.gate);
  if (baseline !== null) checkSameTarget(baseline, command.baseline!.path, describeTarget(target, given));
  const kinds = before ?? (testType === "comprehensive" ? comprehensiveKinds(isStreamed(target)) : usual);
  const steps = (resumed === null ? kinds : testsLeft(resumed, kinds)).flatMap((kind) =>
    kind === "latency" && kinds.length > 1 ? ["operating-points" as const, kind] : [kind]
  );
  await checkOpenFiles(given, threadsOf(command));
  checkLoadInFlight(target, kinds, given);
  const bounded = boundedOptions(kinds, given);
  using progress = openProgressBar(console, {
    kinds: steps,
    verbose: command.verbose,
    longestMs: (kind) => longestMs(kind, bounded, kinds.length > 1),
  });
  await using workers = await openWorkers(command.workers, target, { ...how, ...timeoutOf(given) }, signal);
  if (command.verbose && kept !== null) console.error(`what is measured is kept in ${kept}, test by test`);
  const ofRun = commandText(withoutResume(argv));
  await using samples = await openSamples(samplesFile, { command: ofRun, targets: [target], options: given }, console);
  const toReport = (measured: Measurements) => reportOf(measured, ofRun, command);
  const measurements = await runTests(target, kinds, {
    ...given,
    ...(tokenizer === null ? {} : { tokenCounter: tokenizer }),
    ...samples.option,
    ...workers.option,
    ...openJournal(kept, toReport, console).option,
    ...(resumed === null ? {} : { resume: resumed }),
    asked,
    busy,
    signal,
    ...(haltSignal === undefined ? {} : { haltSignal }),
    onProgress: progress.update,
  });
  progress.close();
  const report = withChecks(toReport(measurements), command, baseline);
  const sampled = await samples.end(report);
  const code = await endWith(report, command, console);
  const goOn = goOnInWords(report, command, argv, kept);
  if (goOn !== null) console.error(goOn);
  return sampled ? code : EXIT_CODE.fault;
}

/** The model where none is named: a server of the user's is asked for its own. */
function modelOfOwn({ server, testType }: RunCommand): string | null {
  if (server.url !== null) return null;
  return testType === "prompts" ? LANGUAGE_MODEL : EMBEDDED_MODEL;
}

/** Writes the results of a run that is whole already, by what is asked of them now. */
async function writeAgain(
  whole: Report,
  command: RunCommand,
  baseline: Report | null,
  console: Console,
): Promise<ExitCode> {
  if (command.samples !== null) {
    throw new UsageError(
      `Cannot write samples to "${command.samples}" as there must be tests left to measure: ` +
        `all of "${command.resume}" are whole`,
      { hint: "Leave out --samples." },
    );
  }
  console.error(`All tests of "${command.resume}" are whole: nothing is measured, and its results are written again.`);
  if (baseline !== null) checkSameTarget(baseline, command.baseline!.path, whole.target);
  const report = withChecks(reportOf({ ...whole, partial: null }, whole.command, command), command, baseline);
  return await endWith(report, command, console);
}

function reportOf(measurements: Measurements, command: string, { pricePerHour }: RunCommand): Report {
  return createReport(measurements, { command, ...(pricePerHour === null ? {} : { pricePerHour }) });
}

/** Writes the results where they are wanted, and says what their checks come to. */
async function endWith(report: Report, command: RunCommand, console: Console): Promise<ExitCode> {
  const written = await writeReport(report, command, console);
  sayChecks(report, command, console);
  return written ? exitCodeOfRun(report) : EXIT_CODE.fault;
}

function timeoutOf({ timeoutMs }: RunCommand["options"]): { readonly timeoutMs?: number } {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

/** Threads beside the command's own; those that send are not begun where one is enough. */
function threadsOf({ workers, samples }: RunCommand): number {
  const sending = workers === "auto" || workers === 1 ? 0 : workers;
  return sending + (samples === null ? 0 : 1);
}

/** The report with what `--gate` and `--baseline` make of it. */
function withChecks(report: Report, { gate, baseline }: RunCommand, before: Report | null): Report {
  return {
    ...report,
    ...(gate === null ? {} : { gate: evaluateGate(report.tests, gate.objectives, { lenient: gate.lenient }) }),
    ...(before === null ? {} : { baseline: checkBaseline(before, report, baseline!.maxRegression) }),
  };
}

/** Says on stderr what was checked, unless the results on stdout say it already; and in one line how it ended. */
function sayChecks({ gate, baseline }: Report, { format, output }: RunCommand, console: Console): void {
  if (gate === undefined && baseline === undefined) return;
  const checks = { ...(gate === undefined ? {} : { gate }), ...(baseline === undefined ? {} : { baseline }) };
  if (format !== "text" || output !== null) {
    console.error(formatChecks(checks, { ascii: console.ascii }).trimEnd());
  }
  if (gate?.passed === false) {
    const missed = gate.outcomes.filter(({ verdict }) => verdict === "missed" || (verdict !== "met" && !gate.lenient));
    console.error(
      `The gate failed: ${missed.map(({ objective, verdict }) => `${objective.text} ${verdict}`).join(", ")}.`,
    );
  }
  if (baseline?.passed === false) {
    const { regressions, lost } = baseline;
    const names = [...regressions, ...lost.map((name) => `${name} (not measured)`)];
    console.error(`The baseline was not kept: ${names.length === 0 ? "nothing could be compared" : names.join(", ")}.`);
  }
}
