import { ServerStartError, UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";

/** Writing 3 drops the page cache, and what is known of folders and files. */
const DROP_CACHES = "/proc/sys/vm/drop_caches";

/**
 * Makes sure that the page cache can be dropped, before anything is started. It is dropped once to see that.
 *
 * @throws {UsageError} If it cannot.
 */
export async function checkDropCaches(): Promise<void> {
  const refusal = await tryDropCaches();
  if (refusal === null) return;
  throw new UsageError(`Cannot drop the page cache as ${refusal}`, {
    hint: naming`Leave ${option("dropCaches")} out: starts are then measured with the page cache warm.`,
  });
}

/**
 * Drops the system's page cache, so that what a server reads at its start comes from the disk. Linux only.
 *
 * @throws {ServerStartError} If that fails.
 */
export async function dropCaches(): Promise<void> {
  const refusal = await tryDropCaches();
  if (refusal !== null) throw new ServerStartError(`Cannot drop the page cache as ${refusal}`);
}

/** Why it could not be dropped, or `null` if it was. */
async function tryDropCaches(): Promise<string | null> {
  if (Deno.build.os !== "linux") return `the system must be Linux: it is ${Deno.build.os}`;
  try {
    await Deno.writeTextFile(DROP_CACHES, "3\n", { create: false });
    return null;
  } catch (error) {
    return error instanceof Deno.errors.NotCapable
      ? "torchgauge must have all permissions (deno run -A): they are not granted"
      : `${DROP_CACHES} must be writable, which takes root outside of a container: ${(error as Error).message}`;
  }
}
