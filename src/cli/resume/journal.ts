import { UsageError } from "../../core/errors.ts";
import { formatJson } from "../../report/json/format_json.ts";
import type { Measurements, Report } from "../../results/report.ts";
import type { RunCommand } from "../options/command_line.ts";
import type { Console } from "../terminal/console.ts";
import { writeOutput } from "../terminal/output.ts";

/** Writes a file as a whole or not at all; `null`, or one sentence on why it could not. */
export type WriteWhole = (path: string, text: string) => Promise<string | null>;

/** What keeps a run's results in their file while it measures. */
export interface Journal {
  /** The option of the tests that has them handed over. */
  readonly option: { readonly onMeasured?: (soFar: Measurements) => Promise<void> };
}

/**
 * Begins to keep the results of a run. A file that can no longer be written is said once, and the run goes on.
 *
 * @param path A results file; `null` where nothing is kept.
 * @param toReport Makes the report of what was measured.
 * @param console Is told what goes wrong.
 * @param write Writes the file.
 */
export function openJournal(
  path: string | null,
  toReport: (soFar: Measurements) => Report,
  console: Pick<Console, "error">,
  write: WriteWhole = writeOutput,
): Journal {
  if (path === null) return { option: {} };
  let failed: string | null = null;
  return {
    option: {
      async onMeasured(soFar) {
        const failure = await write(path, formatJson(toReport(soFar)));
        if (failure !== null && failure !== failed) {
          console.error(`Warning: ${failure} What is measured cannot be kept meanwhile; the run goes on.`);
        }
        failed = failure;
      },
    },
  };
}

/**
 * The file in which a run keeps its results while it measures: the results file, or the one that it goes on with. A pipe, a
 * device and what the run still has to read are none.
 *
 * @param command The run.
 * @returns `null` where there is none.
 */
export async function journalPath(
  { format, output, resume, baseline }: Pick<RunCommand, "format" | "output" | "resume" | "baseline">,
): Promise<string | null> {
  const path = format === "json" && output !== null ? output : resume;
  if (path === null || !await isFile(path)) return null;
  return baseline !== null && await isSame(path, baseline.path) ? null : path;
}

/**
 * Makes sure that the samples of the part before are not lost.
 *
 * @param command The run.
 * @throws {UsageError} If a run that goes on would replace a file of samples.
 */
export async function checkNewSamples({ resume, samples }: Pick<RunCommand, "resume" | "samples">): Promise<void> {
  if (resume === null || samples === null || !await exists(samples)) return;
  throw new UsageError(`Cannot write samples to "${samples}" as a run that goes on needs a new file: it is there`, {
    hint: "It may hold the samples of before: give another name.",
  });
}

/** Whether it is a file, or may become one. What stands for an open stream is none, though that may lead to a file. */
async function isFile(path: string): Promise<boolean> {
  if (/^\/(?:dev|proc)\//.test(path)) return false;
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ size, isFile }) => !isFile || size > 0, () => false);
}

async function isSame(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((path) => Deno.realPath(path).catch(() => path)));
  return first === second;
}
