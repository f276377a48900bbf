import { fileURLToPath } from "node:url";
import { type PinnedServer, startPinned } from "../pinned.ts";

/** The model whose answers stream. */
export const STREAM_MODEL = "stream";
/** Events of an answer that hold a token each. */
export const EVENTS_AN_ANSWER = 200;
/** Time from one event of an answer to the next, ms. */
export const TICK_MS = 1;

/** Starts the server of streamed answers. */
export async function startEventServer(): Promise<PinnedServer> {
  const script = fileURLToPath(new URL("event_server.ts", import.meta.url));
  return await startPinned([Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", script]);
}
