import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import { roomForConnections } from "../../observe/open_files.ts";

/** Files that a thread opens beside its connections: Deno panics where it cannot. */
const FILES_OF_THREAD = 8;

/**
 * Refuses what this process may not open connections for, before anything is measured.
 *
 * @param options What the tests are asked for.
 * @param threads Threads that the command starts besides its own: those that send, and one that writes samples. @default {0}
 * @throws {UsageError} If more requests shall be outstanding than there may be connections.
 */
export async function checkOpenFiles(
  options: { readonly concurrency?: number; readonly levels?: readonly number[] },
  threads: number = 0,
): Promise<void> {
  const wanted = Math.max(options.concurrency ?? 1, ...options.levels ?? []);
  const found = await roomForConnections();
  if (found === null) return;
  const room = Math.max(0, found.room - FILES_OF_THREAD * threads);
  if (wanted <= room) return;
  throw new UsageError(
    `Cannot have ${wanted} requests outstanding as each needs a connection: this process may open ${room} more ` +
      `(its limit of open files is ${found.limit}${threads === 0 ? "" : `, its threads need ${FILES_OF_THREAD} each`})`,
    {
      hint: naming`Raise it with ulimit -n, or lower ${option("concurrency")}, ${option("levels")} or ${
        option("workers")
      }.`,
    },
  );
}
