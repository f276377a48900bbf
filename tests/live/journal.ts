import type { LiveServer } from "./servers/live_server.ts";

/** What a live server did with a model, by its own clock: seconds that only differences make sense of. */
export interface JournalEntry {
  readonly event: "load" | "unload" | "first_inference" | "execution";
  readonly model: string;
  readonly started_at: number;
  readonly ended_at: number;
}

/**
 * What a live server wrote into its log about one model so far; see `python/journal.py`.
 *
 * @param server The server.
 * @param model The model.
 */
export async function readJournal(server: LiveServer, model: string): Promise<JournalEntry[]> {
  const lines = (await server.logText()).matchAll(/\{"event": "[^\n]*?\}/g);
  return [...lines].map(([line]) => JSON.parse(line) as JournalEntry).filter((entry) => entry.model === model);
}

/** How long something took, ms. */
export function durationMs({ started_at, ended_at }: JournalEntry): number {
  return 1000 * (ended_at - started_at);
}
