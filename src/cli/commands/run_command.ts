import type { Report } from "../../results/report.ts";
import { COMPREHENSIVE_KINDS } from "../../results/comprehensive_kinds.ts";
import { checkBaseline } from "../../compare/check_baseline.ts";
import { evaluateGate } from "../../objectives/evaluate_gate.ts";
import { createReport } from "../../report/create_report.ts";
import { formatChecks } from "../../report/format_comparison.ts";
import { runTests } from "../../test_types/comprehensive.ts";
import type { RunCommand } from "../options/command_line.ts";
import { checkSameTarget, readBaseline } from "./baseline.ts";
import { commandText } from "../terminal/command_text.ts";
import type { Console } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import { openServer } from "./open_server.ts";
import { openTarget } from "./open_target.ts";
import { givenInputs } from "../inputs/given_inputs.ts";
import { checkOpenFiles } from "./check_open_files.ts";
import { checkWritable } from "../terminal/output.ts";
import { readTrace } from "../inputs/trace.ts";
import { openProgressBar } from "../terminal/progress_bar.ts";
import { connectOptions } from "./server_access.ts";
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
 */
export async function runCommand(
  command: RunCommand,
  argv: readonly string[],
  console: Console,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { output, report: reportFile, samples: samplesFile, testType, options } = command;
  for (const path of [output, reportFile, samplesFile]) if (path !== null) await checkWritable(path);
  const inputs = await givenInputs(command, (text) => console.error(text));
  const how = await connectOptions(command.server, console);
  const traceMs = command.trace === null ? undefined : await readTrace(command.trace);
  const kinds = testType === "comprehensive" ? COMPREHENSIVE_KINDS : [testType];
  const given = { ...options, ...(traceMs === undefined ? {} : { traceMs }) };
  const baseline = command.baseline === null ? null : await readBaseline(command.baseline.path, kinds, given);
  await using server = await openServer(command.server, console, {
    verbose: command.verbose,
    signal,
    start: command.start,
  });
  await using target = await openTarget(
    command,
    { ...server, waitMs: command.server.waitMs ?? 0 },
    how,
    inputs,
    console,
    signal,
  );
  if (baseline !== null) checkSameTarget(baseline, command.baseline!.path, target);
  const steps = kinds.flatMap((kind) =>
    kind === "latency" && kinds.length > 1 ? ["operating-points" as const, kind] : [kind]
  );
  await checkOpenFiles(given);
  using progress = openProgressBar(console, { kinds: steps, verbose: command.verbose });
  await using workers = await openWorkers(command.workers, target, how);
  await using samples = openSamples(
    samplesFile,
    { command: commandText(argv), targets: [target], options: given },
    console,
  );
  const measurements = await runTests(target, kinds, {
    ...given,
    ...samples.option,
    ...workers.option,
    signal,
    onProgress: progress.update,
  });
  progress.close();
  const made = createReport(measurements, {
    command: commandText(argv),
    ...(command.pricePerHour === null ? {} : { pricePerHour: command.pricePerHour }),
  });
  const report = withChecks(made, command, baseline);
  await samples.end(report);
  if (!await writeReport(report, command, console)) return EXIT_CODE.fault;
  sayChecks(report, command, console);
  return exitCodeOfRun(report);
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
