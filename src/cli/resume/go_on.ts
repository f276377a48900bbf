import type { Report } from "../../results/report.ts";
import type { RunCommand } from "../options/command_line.ts";
import { commandText } from "../terminal/command_text.ts";

/** As wide as a line may be. */
const COLUMNS = 80;

/**
 * How a comprehensive run that broke off can go on, for people.
 *
 * @param report What it measured.
 * @param command The run.
 * @param argv Its command line.
 * @param path The file in which it kept its results; `null` where it had none.
 * @returns `null` where it need not, or cannot.
 */
export function goOnInWords(
  { partial, asked }: Pick<Report, "partial" | "asked">,
  { format, output, testType }: Pick<RunCommand, "format" | "output" | "testType">,
  argv: readonly string[],
  path: string | null,
): string | null {
  if (partial === null || asked === undefined || testType !== "comprehensive") return null;
  if (path === null) {
    return format === "json" && output === null
      ? "Go on with the same command and --resume FILE, these results being in FILE."
      : "To be able to go on after an interruption, run it with --output FILE.json.";
  }
  const own = withoutResume(argv);
  const text = commandOf([...own, "--resume", path]);
  const isWhole = commandOf(own) === commandText(own).replace(...AS_TASK) && !text.includes("***");
  const line = `Go on with: ${text}`;
  return isWhole && line.length <= COLUMNS ? line : `Go on with the same command and\n--resume ${path}`;
}

/**
 * The arguments of a run without those that have it go on.
 *
 * @param argv Arguments without the program's name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withoutResume(["--quick", "--resume", "r.json", "--seed=2"]), ["--quick", "--seed=2"]);
 * assertEquals(withoutResume(["--resume=r.json"]), []);
 * ```
 */
export function withoutResume(argv: readonly string[]): string[] {
  return argv.filter((word, i) => word !== "--resume" && argv[i - 1] !== "--resume" && !word.startsWith("--resume="));
}

/** The task that gives the test by itself. */
const AS_TASK = [/^deno task run --test-type[ =]comprehensive\b/, "deno task comprehensive"] as const;

function commandOf(argv: readonly string[]): string {
  return commandText(argv).replace(...AS_TASK);
}
