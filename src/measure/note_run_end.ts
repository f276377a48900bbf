import type { LoadRun } from "../load/load_run.ts";
import type { Session } from "./session.ts";

/** How long a server that dropped connections may take to say that it is there, ms. */
const HEALTH_TIMEOUT_MS = 2000;

/**
 * Marks the test partial where a run was cut short: by the user's signal, or because the server is gone. One that drops
 * only these requests, too large ones say, is not lost: it is asked how it is.
 *
 * @param session The test.
 * @param run How its last run ended.
 */
export async function noteRunEnd(session: Session, run: Pick<LoadRun, "endReason" | "disconnected">): Promise<void> {
  if (run.endReason === "interrupted") session.partial ??= "interrupted";
  else if (run.disconnected && !await answers(session)) session.partial ??= "target-lost";
}

async function answers({ target: { protocol } }: Session): Promise<boolean> {
  try {
    await protocol.health({ timeoutMs: HEALTH_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}
