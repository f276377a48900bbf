/**
 * A tour of the tests on one small model of the embedded server: what each asks, what it finds, and how to read it.
 * `deno task demo [--model NAME]`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { openProgressBar } from "../src/cli/terminal/progress_bar.ts";
import { type Console, pageOptionsOf, systemConsole } from "../src/cli/terminal/console.ts";
import { describeError } from "../src/cli/terminal/describe_error.ts";
import { EXIT_CODE, type ExitCode, exitCodeOf } from "../src/cli/terminal/exit_code.ts";
import { watchInterrupts } from "../src/cli/terminal/interrupts.ts";
import { EMBEDDED_MODEL } from "../src/cli/commands/open_server.ts";
import { exitCodeOfRun } from "../src/cli/commands/write_report.ts";
import { UsageError } from "../src/core/errors.ts";
import type { Report } from "../src/results/report.ts";
import { COMPREHENSIVE_KINDS, type TestKind } from "../src/results/comprehensive_kinds.ts";
import { startEmbeddedServer } from "../src/embedded/start.ts";
import { connect } from "../src/protocols/connect.ts";
import { createReport } from "../src/report/create_report.ts";
import { wrap } from "../src/report/text/align.ts";
import { formatText, type TextPart } from "../src/report/text/format_text.ts";
import { DEFAULT_WIDTH } from "../src/report/text/page_text.ts";
import { runTests } from "../src/test_types/comprehensive.ts";

const EXPLANATIONS: Readonly<Partial<Record<TestKind, string>>> = {
  basic:
    "The BASIC test keeps a fixed number of requests outstanding and asks how fast the server answers. It warms up " +
    "first, and goes on until the throughput is known within 5 % and the 95th percentile of latency within 10 %. The " +
    "brackets are 95 % intervals: two servers whose intervals overlap cannot be told apart by this run. Where requests " +
    "are too few for the upper end of one, it says how much it is at least.",
  latency:
    "The LATENCY test asks what a cold start costs. It unloads the model, makes sure that it is gone, loads it, " +
    "and times the load and the first inference; then it times warm requests. The difference is what the first user " +
    "after a deployment waits longer than the others.",
  throughput:
    "The THROUGHPUT test asks how many items a request should hold. Larger batches use the hardware better, " +
    "up to a point, and make everyone wait longer. The star marks the smallest batch within 10 % of the best that " +
    "cannot be told from it.",
  scalability: "The SCALABILITY test asks how many requests the server should work on at a time. Past the knee more " +
    "requests only wait for each other: throughput stays, latency grows.",
  memory: "The MEMORY test watches the memory of the server's processes, never the client's, through the life of the " +
    "model: absent, loaded, at work, unloaded. A steady soak shows whether memory grows with every request.",
};

const CLOSING = "All tests together are judged by rules with named thresholds. The recommended batch size and " +
  "concurrency are measured together before they are recommended. The same on a server of yours: " +
  "deno task comprehensive --url http://HOST:PORT --model NAME";

async function demo(console: Console, signal: AbortSignal, model: string): Promise<ExitCode> {
  const look = pageOptionsOf(console, null);
  const say = (text: string) => console.write(`\n${wrap(text, look.width ?? DEFAULT_WIDTH).join("\n")}\n\n`);
  const show = (report: Report, parts: readonly TextPart[]) => console.write(formatText(report, { ...look, parts }));
  await using server = await startEmbeddedServer({ signal });
  await using target = await connect(server.url, { model, embedded: true, signal });
  let all: Report | null = null;
  for (const kind of COMPREHENSIVE_KINDS) {
    await say(EXPLANATIONS[kind] ?? "");
    using progress = openProgressBar(console, { kinds: [kind], verbose: false });
    const measurements = await runTests(target, [kind], { quick: true, signal, onProgress: progress.update });
    progress.close();
    const report = createReport(measurements);
    await show(report, ["results"]);
    if (measurements.partial !== null) return exitCodeOfRun(report);
    all = createReport({ ...measurements, tests: { ...all?.tests, ...measurements.tests } });
  }
  await say(CLOSING);
  await show(all!, ["analysis"]);
  return exitCodeOfRun(all!);
}

function readModel(args: readonly string[]): string {
  const { model } = parseArgs([...args], {
    string: ["model"],
    default: { model: EMBEDDED_MODEL },
    unknown: (arg) => {
      throw new UsageError(`Cannot show the demo as "${arg}" is no option of it`, { hint: "It takes --model NAME." });
    },
  });
  return model;
}

if (import.meta.main) {
  const console = systemConsole();
  using interrupts = watchInterrupts(console);
  let code: ExitCode;
  try {
    code = await demo(console, interrupts.signal, readModel(Deno.args));
  } catch (error) {
    console.error(describeError(error, false));
    code = interrupts.signal.aborted ? EXIT_CODE.interrupted : exitCodeOf(error);
  }
  Deno.exit(code);
}
