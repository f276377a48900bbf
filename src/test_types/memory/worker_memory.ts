import type { WorkerMemory } from "../../core/protocol.ts";
import type { MemoryScope } from "../../results/result.ts";
import type { Target } from "../../core/target.ts";
import { processMemory } from "../../observe/process_tree.ts";

/** How long the server may take to name its workers, ms. */
const TIMEOUT_MS = 2000;

/**
 * Memory of each worker process, where the server names them: what their processes hold if they are seen from here, else
 * what the server reports.
 *
 * @param target The server.
 * @param scope The processes that are seen, and how they are counted.
 * @returns Empty where the server names no workers.
 */
export async function workerMemory({ protocol }: Target, scope: MemoryScope): Promise<readonly WorkerMemory[]> {
  const reported = await protocol.serverMemory?.({ timeoutMs: TIMEOUT_MS }).catch(() => null);
  const kind = scope.source === "process-tree-pss" ? "pss" : "rss";
  return await Promise.all((reported?.workers ?? []).map(async (worker) => {
    if (worker.pid === null || !scope.pids.includes(worker.pid)) return worker;
    const bytes = await processMemory([worker.pid], kind).catch(() => null);
    return { ...worker, residentBytes: bytes ?? worker.residentBytes };
  }));
}
