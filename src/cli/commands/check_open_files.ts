import { UsageError } from "../../core/errors.ts";
import { naming, option } from "../../core/option_words.ts";
import { roomForConnections } from "../../observe/open_files.ts";

/**
 * Refuses what this process may not open connections for, before anything is measured.
 *
 * @param options What the tests are asked for.
 * @throws {UsageError} If more requests shall be outstanding than there may be connections.
 */
export async function checkOpenFiles(
  options: { readonly concurrency?: number; readonly levels?: readonly number[] },
): Promise<void> {
  const wanted = Math.max(options.concurrency ?? 1, ...options.levels ?? []);
  const found = await roomForConnections();
  if (found === null || wanted <= found.room) return;
  throw new UsageError(
    `Cannot have ${wanted} requests outstanding as each needs a connection: this process may open ${found.room} more ` +
      `(its limit of open files is ${found.limit})`,
    { hint: naming`Raise it with ulimit -n, or lower ${option("concurrency")} or ${option("levels")}.` },
  );
}
