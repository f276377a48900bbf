import { UsageError } from "../../core/errors.ts";

/** Certificates, keys, templates: more than this is another kind of file, bytes. */
const MOST_BYTES = 2 ** 22;

/**
 * Reads a small text file that an option names.
 *
 * @param path The file.
 * @param what What it holds, for messages.
 * @param refuse Makes the error of what was found; by default one that names the file.
 * @throws {UsageError} If there is none, it is too large, or not to be read.
 */
export async function readSmallFile(
  path: string,
  what: string,
  refuse: (found: string) => UsageError = (found) =>
    new UsageError(`Cannot read ${what} as "${path}" must be a file: ${found}`),
): Promise<string> {
  try {
    const { isDirectory, size } = await Deno.stat(path);
    if (isDirectory) throw refuse("it is a folder");
    if (size > MOST_BYTES) throw refuse(`it has ${size} bytes, more than ${MOST_BYTES}`);
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    if (error instanceof Deno.errors.NotFound) throw refuse("there is none");
    throw refuse(error.message.replace(/\s*\(os error \d+\).*$/s, ""));
  }
}
