import { UsageError } from "../../core/errors.ts";
import { systemWords } from "./system_words.ts";
import { type FileTarget, isOfFolder, openBeside, resolveTarget, writeWhole } from "./write_whole.ts";

/**
 * Makes sure that results can be written, before anything is measured. It leaves no file behind and an existing one as
 * it is.
 *
 * @param path Where results are to go.
 * @param sources Files that they are made from, which must stay.
 * @throws {UsageError} If the folder is not there, the path is no file or is a source, or the file cannot be written.
 */
export async function checkWritable(path: string, sources: readonly string[] = []): Promise<void> {
  try {
    const target = await resolveTarget(path);
    for (const source of sources) {
      // One that cannot be read is told by who reads it.
      if (target.kind === "file" && target.path === await Deno.realPath(source).catch(() => null)) {
        throw new UsageError(`Cannot write to "${path}" as it must be another file: it is one that is read`);
      }
    }
    if (target.kind === "unfit") {
      throw new UsageError(`Cannot write to "${path}" as it must be a file: it is a ${target.what}`);
    }
    if (target.kind === "pipe") return; // to open it would wait for its reader
    // Replacing a file that may not be written would succeed: ask the file itself.
    if (target.kind !== "file" || target.info !== null) (await Deno.open(path, { write: true })).close();
    if (target.kind === "file") probeBeside(target);
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    throw new UsageError(`Cannot write to "${path}" as ${requirementOf(error)}`, {
      cause: error,
      ...hintOf(path, error),
    });
  }
}

/**
 * Writes results as a whole or not at all: a reader never sees half of them, and a failure leaves what was there.
 *
 * @param path Where they go; a pipe or device is written to as it is.
 * @param text The results.
 * @returns `null`, or one sentence on why they could not be written, so that the caller can put them elsewhere.
 */
export async function writeOutput(path: string, text: string): Promise<string | null> {
  try {
    await writeWhole(path, text);
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `Cannot write to "${path}" as ${requirementOf(error)}.`;
  }
}

/** Makes sure that the folder takes the file that is to replace one, or that is to be there. */
function probeBeside({ path, info }: FileTarget): void {
  try {
    const probe = openBeside(path);
    probe.file.close();
    probe.drop();
  } catch (error) {
    if (info === null || !isOfFolder(error)) throw error; // else it is written as it is
  }
}

/** What was required and what was found. */
function requirementOf(error: Error): string {
  const found = systemWords(error);
  if (error instanceof Deno.errors.NotFound) return "its folder must exist: there is none";
  if (error instanceof Deno.errors.NotCapable) return `Deno must permit it: ${found.replace(/, run again .*$/, "")}`;
  if (error instanceof Deno.errors.NotADirectory) return "its folder must be one: it is a file";
  return `it must be writable: ${found}`;
}

function hintOf(path: string, error: Error): { hint?: string } {
  if (error instanceof Deno.errors.NotCapable) {
    return {
      // Below /dev, /proc and /sys nothing less is enough.
      hint: /all access|--allow-all/.test(error.message)
        ? "Name a file elsewhere; deno task start, which takes --test-type, has all permissions."
        : "deno task run may read and write everywhere; it takes --test-type.",
    };
  }
  if (!(error instanceof Deno.errors.NotFound)) return {};
  if (path.startsWith("~")) {
    return { hint: "Write $HOME for ~: the shell replaces ~ only where a word begins with it." };
  }
  const folder = path.replace(/[/\\][^/\\]*$/, "");
  return { hint: `Create it first: mkdir -p ${/^[\w./-]+$/.test(folder) ? folder : `'${folder}'`}` };
}
