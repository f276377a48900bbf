import { createReport } from "../../report/create_report.ts";
import { formatJson } from "../../report/json/format_json.ts";
import { formatText } from "../../report/text/format_text.ts";
import { runAb } from "../../test_types/comprehensive.ts";
import type { AbCommand } from "../options/args.ts";
import { commandText } from "../terminal/command_text.ts";
import type { Console } from "../terminal/console.ts";
import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import { openTarget } from "./open_target.ts";
import { givenInputs } from "../inputs/given_inputs.ts";
import { checkWritable, writeOutput } from "../terminal/output.ts";
import { connectOptions } from "./server_access.ts";
import { openProgressBar } from "../terminal/progress_bar.ts";

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
  const { servers: [first, second], options, output, verbose } = command;
  if (output !== null) await checkWritable(output);
  const inputs = await givenInputs(command);
  const open = async (server: typeof first) =>
    openTarget(command, { url: server.url!, embedded: false }, await connectOptions(server), inputs, console, signal);
  await using a = await open(first);
  await using b = await open(second);
  using progress = openProgressBar(console, { kinds: ["ab"], verbose });
  const measurements = await runAb(a, b, {
    ...options,
    signal,
    onProgress: progress.update,
  });
  progress.close();
  const report = createReport(measurements, { command: commandText(argv) });
  const text = command.format === "json"
    ? formatJson(report)
    : formatText(report, { ascii: console.ascii, color: console.color && output === null });
  const failure = output === null ? null : await writeOutput(output, text);
  if (output === null || failure !== null) await console.write(text);
  if (output !== null) console.error(failure === null ? `Results are in ${output}.` : `Error: ${failure}`);
  if (failure !== null) return EXIT_CODE.fault;
  const { partial, tests: { ab } } = report;
  if (partial === "interrupted") return EXIT_CODE.interrupted;
  return partial !== null || ab?.a.succeeded === 0 || ab?.b.succeeded === 0 ? EXIT_CODE.target : EXIT_CODE.done;
}
