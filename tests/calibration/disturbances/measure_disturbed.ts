import type { BasicOptions } from "../../../src/measure/settings/options.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { accounted } from "../client_account.ts";
import { latencyNumbers, type Measure, spansOf } from "../measure.ts";
import { numberOf, verdictOf } from "../observation.ts";
import { levelTruth, type TruthLoad } from "../truth.ts";

/** The load of all tests here. */
const LONE: TruthLoad = { concurrency: 1, batchSize: 1 };

/** Numbers of the basic test, but for what it says of shifts, and whether it found the response cache. */
export function measureCached(own: BasicOptions = {}): Measure {
  return async (target, options, settle) => {
    const inputs = { kind: "text", words: 12 } as const;
    const result = await runBasicTest(target, { inputs, cacheCheck: true, ...own, ...options });
    const truth = levelTruth(await settle(LONE, spansOf(result, result)), LONE);
    const verdict = result.cache?.verdict ?? "cannot tell";
    const right = verdict === "cannot tell" ? null : verdict === "cache";
    return [
      // No request was seen before: what a cache would answer is in no figure.
      numberOf("requests/s", truth.requestsPerSecond, accounted(result).requestsPerSecond),
      ...latencyNumbers("", accounted(result).latencyMs, truth),
      verdictOf("response cache", right, verdict),
    ];
  };
}

/** Whether a time of its own that the server cannot have taken is believed; what was measured depends on no such word. */
export function measureTold(own: BasicOptions = {}): Measure {
  return async (target, options, settle) => {
    const result = await runBasicTest(target, { ...own, ...options });
    const behaviour = await settle(LONE, spansOf(result, result));
    const truth = levelTruth(behaviour, LONE);
    const isShown = result.serverMs !== null;
    return [
      numberOf("requests/s", truth.requestsPerSecond, accounted(result).requestsPerSecond),
      ...latencyNumbers("", accounted(result).latencyMs, truth),
      // One that is always the same, and short enough, cannot be told from a right one.
      verdictOf(
        "server time refused",
        behaviour.tells === "constant" ? null : !isShown,
        result.refusedServerTimes ?? null,
      ),
    ];
  };
}

/**
 * Of a server whose level shifts for good inside the window: whether it is told, with the moment right within a tenth, or the
 * mean's interval holds the mean over the whole of it.
 */
export function measureShift(requests: number): Measure {
  return async (target, options, settle) => {
    const warmUpRequests = 10;
    const result = await runBasicTest(target, { requests, warmUpRequests, ...options });
    const behaviour = await settle(LONE, spansOf(result, result));
    const { atRequest, factor } = behaviour.shift!;
    const before = levelTruth({ ...behaviour, shift: null }, LONE).meanMs;
    const after = (requests + warmUpRequests - atRequest) / requests;
    const meanMs = before * (1 + (factor - 1) * after);
    const [shift] = result.shifts ?? [];
    const isPlaced = shift !== undefined && shift.lastBefore <= atRequest + 0.1 * requests &&
      shift.firstAfter >= atRequest - 0.1 * requests;
    const { low = null, high = null } = accounted(result).latencyMs?.mean ?? {};
    const isCovered = (low ?? -Infinity) <= meanMs && meanMs <= (high ?? Infinity);
    return [
      verdictOf("shift told or mean covered", isPlaced || isCovered, shift ?? [low, high]),
      verdictOf("shift told", shift === undefined ? null : isPlaced, shift ?? null),
    ];
  };
}
