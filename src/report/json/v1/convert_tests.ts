import type { Estimate } from "../../../core/estimate.ts";
import type { ResultKind } from "../../../results/kinds.ts";
import { isUsable } from "../../../results/window/usable.ts";
import type { OpenWindow, Window } from "../../../results/window/window.ts";
import { wilsonEstimate } from "../../../stats/estimates/wilson_estimate.ts";
import { askedRate } from "../../../results/window/asked_rate.ts";
import { rateLimits } from "../../../results/window/rate_limits.ts";
import {
  basicOpenLoad,
  batchLoad,
  closedLoad,
  maxConnectionsOf,
  offeredLoad,
  optionIn,
  shapeInWords,
} from "./asked_load.ts";
import { converted, eachConverted, type Fields, isFields, without } from "./fields.ts";

/** What version 1 kept of no window: distributions that only its basic test had. */
const UNTOLD = { firstByteMs: null, serverMs: null };

/** What version 1 called arrivals. */
const KNOWN_ARRIVALS = /^(poisson|constant|bursts of \d+|ramp \S+\/s to \S+\/s|trace of \d+ requests)$/;

type Convert = (result: Fields, command: string) => Fields;

function basic(result: Fields, command: string): Fields {
  const { offered, concurrency, batchSize } = result;
  if (offered === undefined) return { ...result, load: closedLoad(concurrency, batchSize), latencyFrom: "sent" };
  if (!isFields(offered)) return result;
  // The window was kept twice: what only the open loop had goes to the rest.
  const { offeredPerSecond, due, unanswered, serviceMs, latenessMs, backlogGrowthPerSecond, saturated } = offered;
  return {
    ...without(result, "offered"),
    load: basicOpenLoad(command, offeredPerSecond, batchSize),
    latencyFrom: "due",
    ...{ offeredPerSecond, due, unanswered, serviceMs, latenessMs, backlogGrowthPerSecond, saturated },
    concurrency: null,
  };
}

/** Of the warm requests version 1 kept latencies and counts. They ran one at a time: their time is the sum of them. */
function latency(result: Fields, command: string): Fields {
  const { warm, client } = result;
  if (!isFields(warm) || !isFields(warm["counts"])) return result;
  const { latencyMs, counts, ...rest } = warm;
  const { requests, failed, succeeded } = warm["counts"] as Pick<Window, "requests" | "failed" | "succeeded">;
  if (requests === 0) return { ...result, warm: null };
  const meanMs = isFields(latencyMs) ? (latencyMs["mean"] as Estimate | undefined)?.value ?? 0 : 0;
  return {
    ...result,
    warm: {
      load: closedLoad(1, Number(optionIn(command, "batch-size") ?? 1)),
      latencyFrom: "sent",
      durationMs: succeeded * meanMs,
      requestsPerSecond: null,
      predictionsPerSecond: null,
      latencyMs,
      ...UNTOLD,
      errorRate: 0 <= failed && failed <= requests ? wilsonEstimate(failed, requests) : null,
      ...counts as Fields,
      warmUpRequests: 0,
      cutRequests: 0,
      clientLimited: isFields(client) && client["limited"] === true,
      ...rest,
    },
  };
}

function throughput(result: Fields): Fields {
  const { concurrency, batching, levels } = result;
  const byServer = batching === "server";
  return {
    ...result,
    levels: eachConverted(levels, (level) => {
      const outstanding = byServer ? Number(level["batchSize"]) * Number(concurrency) : concurrency;
      const load = batchLoad(outstanding, level["batchSize"], byServer);
      return { ...level, load, latencyFrom: "sent", ...UNTOLD };
    }),
  };
}

function scalability(result: Fields): Fields {
  const levels = eachConverted(result["levels"], (level) => ({
    ...level,
    load: closedLoad(level["concurrency"], result["batchSize"]),
    latencyFrom: "sent",
    ...UNTOLD,
  }));
  return { ...result, levels };
}

function load(result: Fields, command: string): Fields {
  const { arrivals, batchSize, capacity } = result;
  const levels = eachConverted(result["levels"], (level) => {
    const { achievedPerSecond, offeredPerSecond, ...rest } = level;
    return {
      load: offeredLoad(command, arrivals, offeredPerSecond, batchSize),
      latencyFrom: "due",
      offeredPerSecond,
      requestsPerSecond: achievedPerSecond,
      predictionsPerSecond: converted(achievedPerSecond, (rate) => times(rate, Number(batchSize))),
      ...rest,
      ...UNTOLD,
      warmUpRequests: 0,
      cutRequests: 0,
    };
  });
  // Version 1 called levels by the rate that came out, and could call one sustained at which requests failed.
  const { sustained, saturated } = Array.isArray(levels) && levels.every(isFields)
    ? rateLimits(levels as unknown as OpenWindow[])
    : { sustained: null, saturated: null };
  const named = (told: unknown, window: OpenWindow | null) =>
    typeof told !== "number" && told !== null ? told : window === null ? null : askedRate(window);
  const { sustainedPerSecond, saturatedPerSecond } = result;
  return {
    ...result,
    arrivals: KNOWN_ARRIVALS.test(String(arrivals)) ? shapeInWords(arrivals) : arrivals,
    maxConnections: maxConnectionsOf(command),
    capacity: converted(capacity, capacityInData),
    levels,
    sustainedPerSecond: named(sustainedPerSecond, sustained),
    saturatedPerSecond: named(saturatedPerSecond, saturated),
  };
}

/** What trials showed was told in sentences: of them only whether the server kept up is kept, as nothing showed the rest. */
function capacityInData(capacity: Fields): Fields {
  const search = (of: unknown) =>
    converted(of, ({ probes, ...rest }) => ({
      ...rest,
      probes: eachConverted(probes, ({ evidence, ...probe }) => ({
        ...probe,
        outcomes: Array.isArray(evidence) ? [] : evidence,
        saturated: Array.isArray(evidence) && evidence.includes("the server did not keep up"),
      })),
    }));
  return { ...capacity, rate: search(capacity["rate"]), concurrency: search(capacity["concurrency"]) };
}

/** An estimate in another unit. */
function times(estimate: Fields, factor: number): Fields {
  const scaled = (end: unknown) => typeof end === "number" ? factor * end : end;
  const { value, low, high } = estimate;
  return { ...estimate, value: scaled(value), low: scaled(low), high: scaled(high) };
}

const RESULTS: ReadonlyMap<string, Convert> = new Map(
  Object.entries({ basic, latency, throughput, scalability, load } satisfies Partial<Record<ResultKind, Convert>>),
);

/**
 * Results of version 1 in the form of version 2. What version 1 did not keep is `null` or left out.
 *
 * @param tests Results by test.
 * @param report The file around them.
 */
export function convertTests(tests: Fields, report: Fields): Fields {
  const command = String(report["command"]);
  return Object.fromEntries(
    Object.entries(tests).flatMap(([kind, result]): [string, unknown][] => {
      if (kind === "operatingPoints") {
        const none = Array.isArray(result) && result.length === 0;
        return none ? [] : [["operating-points", operatingPoints(result, tests, report)]];
      }
      const convert = RESULTS.get(kind);
      return [[kind, convert === undefined ? result : converted(result, (fields) => convert(fields, command))]];
    }),
  );
}

/** Version 1 kept the points alone, and could place one first whose requests failed. When they began nobody noted. */
function operatingPoints(points: unknown, { throughput }: Fields, { startedAt, partial }: Fields): unknown {
  if (!Array.isArray(points)) return points;
  const byServer = isFields(throughput) && throughput["batching"] === "server";
  const windows = points.map((point) =>
    converted(point, (fields) => ({
      ...fields,
      load: batchLoad(fields["concurrency"], fields["batchSize"], byServer),
      latencyFrom: "sent",
      ...UNTOLD,
    }))
  );
  const lasted = (window: unknown) => isFields(window) ? Number(window["durationMs"]) || 0 : 0;
  const usable = (window: unknown) => isFields(window) && isUsable(window as unknown as Window);
  const limited = windows.some((window) => isFields(window) && window["clientLimited"] === true);
  return {
    kind: "operating-points",
    points: windows.toSorted((a, b) => Number(usable(b)) - Number(usable(a))),
    startedAt,
    elapsedMs: windows.reduce<number>((sum, window) => sum + lasted(window), 0),
    partial,
    absences: {},
    client: { cpuMsPerRequest: null, cpuShare: null, eventLoopLagP99Ms: null, ceilingPerSecond: null, limited },
  };
}
