import { objectiveHelp } from "../../objectives/metrics.ts";
import { EXIT_CODE_MEANINGS } from "../terminal/exit_code.ts";
import { OPTIONS } from "../options/options.ts";
import { exitCodeSection, helpPage, optionSections, paragraph, row } from "./help_page.ts";

const EXAMPLES = [
  "deno task comprehensive",
  "deno task latency --url http://gpu-1:8000 --model resnet50 --cold-starts 10",
  "deno task throughput --batch-sizes 1,8,32 --format json --output sizes.json",
  "deno task basic --gate 'p99<100ms,errors<1%' --baseline main.json",
  "deno task run --list-models --url http://gpu-1:8000 --token-env TOKEN",
];

/** How objectives are written, and what they are about. */
const OBJECTIVE_RULES = [
  "METRIC<LIMIT with commas between; < <= for what must be low, > >= for throughput and peak. Each is met if its whole " +
  "95 % interval keeps the limit, missed if none of it does; else it cannot be told, which counts as missed unless " +
  "--gate-lenient.",
  "Latency, errors and throughput are those of the basic test, else of the highest rate that a load test sustained, " +
  "of a sweep's optimum, or of the latency test's warm requests: with comprehensive, --concurrency and --batch-size " +
  "fix the load that they are about. peak is the throughput of the recommended operating point.",
];

/** Variables that change what the command does, apart from the one that `--token-env` names. */
const VARIABLES: readonly (readonly [string, string])[] = [
  ["NO_COLOR", "No colours"],
  ["FORCE_COLOR", "Colours also where stdout is no terminal; 0 for none"],
  ["TORCHGAUGE_CACHE", "Folder of the embedded server's model files"],
  ["TORCHGAUGE_NVML", "NVML's library, where it is not one of the usual files"],
];

const EARLY_END =
  "Ctrl-C, SIGTERM, a closed terminal and the end of what started the run (deno task, npx, a script that waits for it) " +
  "end it with what was measured. Under setsid or nohup it goes on without its terminal.";

/**
 * Everything: the text of `--help --all`.
 *
 * @returns Lines of at most 80 columns, the last one ended.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert(fullHelp().startsWith("Measures PyTorch inference servers.\n"));
 * ```
 */
export function fullHelp(): string {
  return helpPage([
    "Measures PyTorch inference servers.",
    "",
    "Usage: deno task TYPE [options]",
    "       deno task run [--test-type TYPE] [options]",
  ], [
    ...optionSections(OPTIONS),
    {
      title: "Objectives (of --gate, and of --slo where less load helps to keep them)",
      lines: [
        ...OBJECTIVE_RULES.flatMap(paragraph),
        ...objectiveHelp().flatMap(([metric, meaning]) => row(metric, meaning)),
      ],
    },
    { title: "Environment", lines: VARIABLES.flatMap(([name, meaning]) => row(name, meaning)) },
    { title: "Early end", lines: paragraph(EARLY_END) },
    exitCodeSection(EXIT_CODE_MEANINGS),
    { title: "Examples", lines: EXAMPLES.map((example) => `  ${example}`) },
  ]);
}
