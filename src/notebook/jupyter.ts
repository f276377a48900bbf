/** What of Deno's Jupyter kernel is used here. */
interface DenoJupyter {
  broadcast(type: string, content: Readonly<Record<string, unknown>>): Promise<void>;
}

/** A thing's contents by media type. */
export type MediaBundle = Readonly<Record<string, unknown>>;

/**
 * Clients that stop reading with the end of a cell (nbclient, nbconvert) miss what the kernel publishes last. So long
 * after it has been handed over, it was never missed.
 */
const ARRIVAL_MS = 20;

/**
 * Publishes a message to whoever shows the notebook, and resolves when it has arrived there.
 *
 * @param type Type of the message: `display_data`.
 * @param content What it says.
 * @returns False outside a notebook, where nobody is told.
 */
export async function publish(type: string, content: Readonly<Record<string, unknown>>): Promise<boolean> {
  const jupyter = denoJupyter();
  if (jupyter === null) return false;
  await jupyter.broadcast(type, content);
  await new Promise((resolve) => setTimeout(resolve, ARRIVAL_MS));
  return true;
}

/** Whether this runs in a notebook's kernel. */
export function isNotebook(): boolean {
  return denoJupyter() !== null;
}

function denoJupyter(): DenoJupyter | null {
  try {
    return (Deno as unknown as { jupyter?: DenoJupyter }).jupyter ?? null;
  } catch {
    return null; // Outside a kernel, reading it throws.
  }
}
