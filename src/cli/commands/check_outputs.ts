import { UsageError } from "../../core/errors.ts";
import type { RunCommand } from "../options/command_line.ts";
import { outputFile } from "../options/output_format.ts";
import { checkWritable } from "../terminal/output.ts";
import { resolveTarget } from "../terminal/write_whole.ts";

/** Options that name a file to write, in the order in which they are checked. */
const OUTPUTS = ["output", "report", "junit", "openmetrics", "samples"] as const;

/**
 * Makes sure that all files of a run can be written, and that none of them is another, before anything is measured.
 *
 * @param files Where they go.
 * @throws {UsageError} If one cannot be written, or two are the same.
 */
export async function checkOutputs(files: Partial<Pick<RunCommand, typeof OUTPUTS[number]>>): Promise<void> {
  const seen = new Map<string, string>();
  for (const name of OUTPUTS) {
    const path = files[name] ?? null;
    if (path === null) continue;
    if (outputFile(path) === null) {
      throw new UsageError(`Cannot write to "${path}" as --${name} must be a file: the results go to stdout`);
    }
    await checkWritable(path);
    const target = await resolveTarget(path);
    if (target.kind !== "file") continue;
    const other = seen.get(target.path);
    if (other !== undefined) {
      throw new UsageError(`Cannot write to "${path}" as --${other} and --${name} must be two files: they are one`);
    }
    seen.set(target.path, name);
  }
}
