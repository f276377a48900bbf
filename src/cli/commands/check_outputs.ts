import { UsageError } from "../../core/errors.ts";
import type { AbCommand, RunCommand, ServerArguments } from "../options/command_line.ts";
import { outputFile } from "../options/output_format.ts";
import { checkWritable } from "../terminal/output.ts";
import { resolveTarget } from "../terminal/write_whole.ts";

/** Options that name a file to write, in the order in which they are checked. */
const OUTPUTS = ["output", "report", "junit", "openmetrics", "samples"] as const;

/** What a command writes, and what it reads. */
type CommandFiles = Partial<
  & Pick<RunCommand, typeof OUTPUTS[number] | "inputData" | "trace" | "baseline" | "resume" | "server">
  & Pick<AbCommand, "servers">
>;

/**
 * Makes sure that all files of a run can be written, and that none of them is another or one that it reads, before anything is
 * measured. Results that it reads may be replaced by its results, a baseline also by its page.
 *
 * @param files Where they go, and what is read.
 * @throws {UsageError} If one cannot be written, or two are the same.
 */
export async function checkOutputs(files: CommandFiles): Promise<void> {
  const sources = sourcesOf(files);
  const baseline = files.baseline?.path, { resume } = files;
  const seen = new Map<string, string>();
  for (const name of OUTPUTS) {
    const path = files[name] ?? null;
    if (path === null) continue;
    if (outputFile(path) === null) {
      throw new UsageError(`Cannot write to "${path}" as --${name} must be a file: the results go to stdout`);
    }
    // Results may be replaced by results: a page holds them too, from which no run goes on.
    const kept = name === "output" ? [] : name === "report" ? [resume] : [baseline, resume];
    await checkWritable(path, [...sources, ...kept.filter((path) => typeof path === "string")]);
    const target = await resolveTarget(path);
    if (target.kind !== "file") continue;
    const other = seen.get(target.path);
    if (other !== undefined) {
      throw new UsageError(`Cannot write to "${path}" as --${other} and --${name} must be two files: they are one`);
    }
    seen.set(target.path, name);
  }
}

function sourcesOf({ inputData, trace, server, servers }: CommandFiles): string[] {
  const ofServers = (servers ?? [server]).flatMap((each) => each === undefined ? [] : filesOfServer(each));
  return [inputData, trace, ...ofServers].filter((path) => typeof path === "string");
}

/**
 * Files that are read to get at a server.
 *
 * @param server What was given for it.
 */
export function filesOfServer({ access: { files, generation } }: Pick<ServerArguments, "access">): string[] {
  return [...Object.values(files), generation?.prompts, generation?.tokenizer].filter((path) => path !== undefined);
}
