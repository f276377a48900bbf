import { createReport } from "../../report/create_report.ts";
import { runAb } from "../../test_types/comprehensive.ts";
import { longestMs } from "../../test_types/comprehensive/longest_ms.ts";
import type { AbCommand } from "../options/command_line.ts";
import { commandText } from "../terminal/command_text.ts";
import type { Console } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import { openTarget } from "./open_target.ts";
import { givenInputs } from "../inputs/given_inputs.ts";
import { checkLoadInFlight } from "../inputs/load_in_flight.ts";
import { checkOpenFiles } from "./check_open_files.ts";
import { checkOutputs } from "./check_outputs.ts";
import { connectOptions } from "./server_access.ts";
import { openProgressBar } from "../terminal/progress_bar.ts";
import { openSamples } from "../samples/open_samples.ts";
import { givenTokenizer } from "../tokenizer/given_tokenizer.ts";
import { exitCodeOfRun, writeReport } from "./write_report.ts";

/**
 * Measures two servers alternately and writes which is faster.
 *
 * @param command Which servers, and the load.
 * @param argv The command line, for the record.
 * @param console Where it prints.
 * @param signal Ends the test early.
 * @returns 0 whatever the verdict is.
 */
export async function abCommand(
  command: AbCommand,
  argv: readonly string[],
  console: Console,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { servers: [first, second], options, samples: samplesFile, verbose } = command;
  await checkOutputs(command);
  const inputs = await givenInputs(command, (text) => console.error(text));
  await using tokenizer = await givenTokenizer(first, signal);
  const open = async (server: typeof first) =>
    openTarget(
      command,
      { url: server.url!, embedded: false, waitMs: server.waitMs ?? 0 },
      await connectOptions(server, server === first ? console : undefined, tokenizer),
      inputs,
      console,
      signal,
    );
  await using a = await open(first);
  await using b = await open(second);
  // One server at a time has connections.
  await checkOpenFiles(options, samplesFile === null ? 0 : 1);
  for (const target of [a, b]) checkLoadInFlight(target, ["ab"], options);
  using progress = openProgressBar(console, { kinds: ["ab"], verbose, longestMs: (kind) => longestMs(kind, options) });
  await using samples = await openSamples(
    samplesFile,
    { command: commandText(argv), targets: [a, b], options },
    console,
  );
  const measurements = await runAb(a, b, {
    ...options,
    ...samples.option,
    ...(tokenizer === null ? {} : { tokenCounter: tokenizer }),
    signal,
    onProgress: progress.update,
  });
  progress.close();
  const report = createReport(measurements, { command: commandText(argv) });
  const sampled = await samples.end(report);
  const written = await writeReport(report, command, console);
  return sampled && written ? exitCodeOfRun(report) : EXIT_CODE.fault;
}
