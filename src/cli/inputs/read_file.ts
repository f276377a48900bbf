import { UsageError } from "../../core/errors.ts";
import { systemWords } from "../terminal/system_words.ts";

/** Certificates, keys, templates: more than this is another kind of file, bytes. */
const MOST_OF_SMALL_BYTES = 2 ** 22;

/** Makes an error of what was required and what was found. */
export type Refuse = (required: string, found: string, hint?: string) => UsageError;

/**
 * Reads a file that the user named.
 *
 * @param path The file.
 * @param mostBytes The most that it may hold, bytes.
 * @param refuse Makes the error.
 * @throws {UsageError} If there is none, it is too large, or not to be read.
 */
export async function readFile(path: string, mostBytes: number, refuse: Refuse): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { isDirectory, size } = await Deno.stat(path);
    if (isDirectory) throw refuse("it must be a file", "it is a folder");
    if (size > mostBytes) throw refuse(`it must have at most ${mostBytes} bytes`, `it has ${size} bytes`);
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    if (error instanceof Deno.errors.NotFound) throw refuse("it must be a file", "there is none");
    throw refuse("it must be readable", systemWords(error));
  }
}

/**
 * The text that a file holds.
 *
 * @param bytes The file's bytes.
 * @param refuse Makes the error.
 * @throws {UsageError} If they are no text in UTF-8.
 */
export function textOf(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse("it must be text in UTF-8", "it has bytes that are none");
  }
}

/**
 * Reads a small text file that an option names.
 *
 * @param path The file.
 * @param what What it holds, for messages.
 * @param refuse Makes the error; by default one that names the file.
 * @throws {UsageError} If there is none, it is too large, or holds no text.
 */
export async function readSmallFile(
  path: string,
  what: string,
  refuse: Refuse = (required, found) => new UsageError(`Cannot read ${what} from "${path}" as ${required}: ${found}`),
): Promise<string> {
  return textOf(await readFile(path, MOST_OF_SMALL_BYTES, refuse), refuse);
}
