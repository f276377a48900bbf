import { UsageError } from "../../core/errors.ts";
import { systemWords } from "./system_words.ts";

/**
 * Makes sure that results can be written, before anything is measured. It leaves no file behind and an existing one as
 * it is.
 *
 * @param path Where results are to go.
 * @param sources Files that they are made from, which must stay.
 * @throws {UsageError} If the folder is not there, the path is a folder or a source, or the file cannot be written.
 */
export async function checkWritable(path: string, sources: readonly string[] = []): Promise<void> {
  try {
    const target = await resolveTarget(path);
    for (const source of sources) {
      if (target.kind === "file" && target.path === await Deno.realPath(source)) {
        throw new UsageError(`Cannot write to "${path}" as it must be another file: it is one that is read`);
      }
    }
    if (target.kind === "folder") {
      throw new UsageError(`Cannot write to "${path}" as it must be a file: it is a folder`);
    }
    if (target.kind === "special") return;
    // Replacing a file that may not be written would succeed: ask the file itself.
    if (target.mode !== null) (await Deno.open(target.path, { write: true })).close();
    const { file, path: probe } = await openBeside(target.path);
    file.close();
    await Deno.remove(probe);
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
  const bytes = new TextEncoder().encode(text);
  try {
    const target = await resolveTarget(path);
    if (target.kind === "file") await replaceFile(target, bytes);
    else await Deno.writeFile(path, bytes, { create: false });
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `Cannot write to "${path}" as ${requirementOf(error)}.`;
  }
}

/** What a path leads to: a file, there or not yet, or what cannot be replaced. */
type WriteTarget =
  | { readonly kind: "file"; readonly path: string; readonly mode: number | null }
  | { readonly kind: "folder" }
  | { readonly kind: "special" };

async function resolveTarget(path: string): Promise<WriteTarget> {
  try {
    const real = await Deno.realPath(path); // a link stays one
    const { isFile, isDirectory, mode } = await Deno.stat(real);
    if (isFile) return { kind: "file", path: real, mode: mode ?? 0 };
    return { kind: isDirectory ? "folder" : "special" };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { kind: "file", path, mode: null };
    throw error;
  }
}

async function replaceFile({ path, mode }: Extract<WriteTarget, { kind: "file" }>, bytes: Uint8Array): Promise<void> {
  const { file, path: temporary } = await openBeside(path);
  try {
    using open = file;
    for (let written = 0; written < bytes.length;) written += await open.write(bytes.subarray(written));
    await open.sync();
    if (mode !== null && Deno.build.os !== "windows") await Deno.chmod(temporary, mode & 0o7777);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

/** A new file in the same folder, since only there a rename is atomic. */
async function openBeside(path: string): Promise<{ file: Deno.FsFile; path: string }> {
  const [, folder = "", name = ""] = /^(.*[/\\])?([^/\\]*)$/s.exec(path) ?? [];
  const beside = `${folder}.${name.slice(0, 100)}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  return { file: await Deno.open(beside, { write: true, createNew: true }), path: beside };
}

/** What was required and what was found. */
function requirementOf(error: Error): string {
  const found = systemWords(error);
  if (error instanceof Deno.errors.NotFound) return "its folder must exist: there is none";
  if (error instanceof Deno.errors.NotADirectory) return "its folder must be one: it is a file";
  return `it must be writable: ${found}`;
}

function hintOf(path: string, error: Error): { hint?: string } {
  const folder = path.replace(/[/\\][^/\\]*$/, "");
  return error instanceof Deno.errors.NotFound ? { hint: `Create it first: mkdir -p ${folder}` } : {};
}
