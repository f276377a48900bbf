import { VERSION } from "../core/version.ts";
import { type CommandLine, parseCommandLine } from "./options/command_line.ts";
import { completions } from "./completions/completions.ts";
import { OPTIONS } from "./options/options.ts";
import { type Console, systemConsole } from "./terminal/console.ts";
import { describeError } from "./terminal/describe_error.ts";
import { outliveFileLimit } from "./terminal/end_signals.ts";
import { EXIT_CODE, type ExitCode, exitCodeOf } from "./terminal/exit_code.ts";
import { fullHelp } from "./help/full_help.ts";
import { helpText } from "./help/help_text.ts";
import { fittedPage } from "./terminal/fitted_page.ts";
import { type Interrupts, watchInterrupts } from "./terminal/interrupts.ts";

/**
 * The command: reads the command line, does what it says, and turns every failure into one message and an exit code.
 *
 * @param argv Arguments without the program's name.
 * @param console Where it prints.
 * @returns The exit code.
 */
export async function main(argv: readonly string[], console: Console): Promise<ExitCode> {
  using interrupts = watchInterrupts(console);
  let command: CommandLine | null = null;
  try {
    command = parseCommandLine(argv);
    return await execute(command, argv, console, interrupts);
  } catch (error) {
    if (interrupts.signal.aborted) {
      console.error("Interrupted before anything was measured.");
      return EXIT_CODE.interrupted;
    }
    console.error(describeError(error, command !== null && "verbose" in command && command.verbose));
    return exitCodeOf(error);
  }
}

/** What a command needs is loaded when it is run: where a permission lacks for that, it is said like all else. */
async function execute(
  command: CommandLine,
  argv: readonly string[],
  console: Console,
  { signal, haltSignal }: Interrupts,
): Promise<ExitCode> {
  switch (command.kind) {
    case "help":
      return await print(console, command.all ? fullHelp() : helpText(command.testType));
    case "version":
      return await print(console, `torchgauge ${VERSION}\n`);
    case "completions":
      return await print(console, completions(command.shell, OPTIONS));
    case "list-models":
      return await (await import("./commands/model_commands.ts")).listModels(command, console, signal);
    case "list-downloadable":
      return await (await import("./commands/model_commands.ts")).listDownloadable(command, console, signal);
    case "download":
      return await (await import("./commands/model_commands.ts")).downloadModel(command, console, signal);
    case "describe":
      return await (await import("./commands/describe_command.ts")).describeServer(command, console, signal);
    case "ab":
      return await (await import("./commands/ab_command.ts")).abCommand(command, argv, console, signal);
    case "run":
      return await (await import("./commands/run_command.ts")).runCommand(command, argv, console, signal, haltSignal);
  }
}

async function print(console: Console, text: string): Promise<ExitCode> {
  await console.write(fittedPage(text, console.width));
  return EXIT_CODE.done;
}

/** What nobody caught ends the command like any other fault of ours: not as a gate that failed, which Deno's own code says. */
function endByFault(console: Console, error: unknown): void {
  console.error(describeError(error, Deno.args.includes("--verbose")));
  Deno.exit(EXIT_CODE.fault);
}

function openConsole(): Console {
  try {
    return systemConsole();
  } catch (error) {
    Deno.stderr.writeSync(new TextEncoder().encode(`${describeError(error, false)}\n`));
    Deno.exit(exitCodeOf(error));
  }
}

if (import.meta.main) {
  const console = openConsole();
  outliveFileLimit();
  addEventListener("error", (event) => endByFault(console, event.error));
  addEventListener("unhandledrejection", (event) => endByFault(console, event.reason));
  Deno.exit(await main(Deno.args, console));
}
