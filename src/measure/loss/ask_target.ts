import type { Target } from "../../core/target.ts";
import type { AskServer, Gone } from "../../load/server/why_gone.ts";

/** Least and usual time that a question about the server's health may take, ms; never longer than a request may. */
const HEALTH_TIMEOUT_MS = 2000;
/** It may take so many times as long as the longest request: a server may work on one before it answers. */
const LONGER = 3;

/**
 * Asks a target whether it is there: its health, and where the protocol can see it, whether the model is.
 *
 * @param target The model on its server.
 * @param timeoutMs Deadline of one request, ms.
 * @param what Whether the model shall be there as well: not while it is unloaded and loaded.
 */
export function askTarget(
  { protocol, model }: Pick<Target, "protocol" | "model">,
  timeoutMs: number,
  what: "health" | "health and model" = "health and model",
): AskServer {
  return async (longestMs, signal) => {
    const call = { timeoutMs: Math.min(timeoutMs, Math.max(HEALTH_TIMEOUT_MS, LONGER * longestMs)), signal };
    try {
      const { healthy, detail, isThere = healthy } = await protocol.health(call);
      if (!isThere) return said(`it says that it is not healthy: ${detail}`, false);
    } catch (error) {
      return said(reasonOf(error), false);
    }
    if (what === "health") return null;
    try {
      const found = await protocol.verifyAbsent?.(model, call);
      return found?.absent ? said(`the model "${model}" is gone: ${found.evidence}`, true) : null;
    } catch {
      // It answered for its health; that it cannot be asked for the model shows nothing.
      return null;
    }
  };
}

function said(reason: string, isSaid: boolean): Gone {
  return { reason, isSaid };
}

/** What an error comes to, without what could not be done: that the server is lost is said beside it. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
