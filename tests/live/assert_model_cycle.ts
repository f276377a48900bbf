import {
  assert,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertStringIncludes,
} from "@std/assert";
import { findListeningPids } from "../../src/observe/process_tree.ts";
import type { LatencyResult } from "../../src/results/kinds/latency.ts";
import type { MemoryResult } from "../../src/results/kinds/memory.ts";
import { MEMORY_PHASES } from "../../src/results/result.ts";
import type { Expectations } from "./expectations.ts";
import { durationMs, type JournalEntry } from "./journal.ts";
import type { LiveServer } from "./servers/live_server.ts";

/** A bound that no clock of two processes violates by more than the rounding of what they print, ms. */
const ROUNDING_MS = 1;
/** Part of the weights that a load must show at least: some memory that an unload freed may be used again. */
const LEAST_SHARE_OF_WEIGHTS = 0.5;

/**
 * Cold starts are those that the server's log shows; where the model is never unloaded, the reason is told.
 *
 * @param result What was measured.
 * @param journal What the server wrote meanwhile: the cycles of the test first.
 * @param coldStarts How many cycles were asked for, besides the first.
 * @param expected What is true of the server.
 */
export function assertColdStarts(
  { cold, warm, firstCycle, absences }: LatencyResult,
  journal: readonly JournalEntry[],
  coldStarts: number,
  { whyNoUnload, workers = 1 }: Expectations,
): void {
  assertExists(warm?.latencyMs);
  if (whyNoUnload !== undefined) {
    assertEquals(cold, null);
    assertStringIncludes(absences["cold"] ?? "", whyNoUnload);
    assertEquals(journal.filter(({ event }) => event === "load" || event === "unload"), []);
    return;
  }
  assertExists(cold, absences["cold"]);
  assertEquals([cold.samples.length, firstCycle?.sinceStart], [coldStarts, false]);
  // The first cycle stands apart. In each, every worker does what is told of.
  const samples = [firstCycle!, ...cold.samples];
  const of = (wanted: string) =>
    journal.filter(({ event }) => event === wanted).toSorted((a, b) => a.started_at - b.started_at);
  const cyclesOf = (wanted: string) => samples.map((_, i) => of(wanted).slice(i * workers, (i + 1) * workers));
  const [loads, unloads] = [cyclesOf("load"), cyclesOf("unload")];
  samples.forEach((sample, i) => {
    assertEquals(loads[i]!.length, workers, JSON.stringify(journal));
    const loadedAt = Math.max(...loads[i]!.map(({ ended_at }) => ended_at));
    const nextAt = Math.min(...(loads[i + 1] ?? []).map(({ started_at }) => started_at));
    const first = of("first_inference").find(({ started_at }) => started_at >= loadedAt && started_at < nextAt);
    assertExists(first, JSON.stringify(journal));
    // What the client waited for holds what the server did.
    const longest = Math.max(...loads[i]!.map(durationMs));
    if (sample.loadMs !== null) assertGreaterOrEqual(sample.loadMs + ROUNDING_MS, longest);
    assertGreaterOrEqual(sample.firstInferenceMs + ROUNDING_MS, durationMs(first));
    // And it lies between this unload and the next, where the server tells of them.
    const [gone, next] = [unloads[i]!, unloads[i + 1] ?? []];
    if (gone.length === 0 || next.length === 0) return;
    const goneAt = Math.min(...gone.map(({ ended_at }) => ended_at));
    const goesAt = Math.max(...next.map(({ started_at }) => started_at));
    assertLessOrEqual(sample.totalMs - ROUNDING_MS, 1000 * (goesAt - goneAt));
  });
  assertGreater(cold.totalMs.mean.value, warm.latencyMs.mean.value);
}

/**
 * Memory is that of the server's processes, and shows the weights come and go; where the model is never unloaded, the
 * reason is told.
 *
 * @param result What was measured.
 * @param server The server.
 * @param expected What is true of it.
 */
export async function assertMemory(
  { scope, modelFootprintBytes, phases, absences }: MemoryResult,
  server: LiveServer,
  { weightsBytes, workers = 1, whyNoUnload }: Expectations,
): Promise<void> {
  assertExists(scope, absences["scope"]);
  assertEquals(scope.source, "process-tree-pss");
  const [root] = await findListeningPids(Number(new URL(server.url).port));
  assert(root !== undefined && scope.pids.includes(root), `${scope.pids} must have ${root}`);
  const names = phases.map(({ name }) => name);
  if (whyNoUnload !== undefined) {
    assertStringIncludes(absences["baseline"] ?? "", whyNoUnload);
    assertEquals(modelFootprintBytes, null);
    assertEquals(names, MEMORY_PHASES.filter((name) => name !== "absent" && name !== "unloaded"));
    return;
  }
  assertExists(modelFootprintBytes, JSON.stringify(absences));
  assertGreater(modelFootprintBytes, LEAST_SHARE_OF_WEIGHTS * weightsBytes * workers);
  assertEquals(names, [...MEMORY_PHASES]);
}
