import { seededRandom } from "../../../src/core/random.ts";
import type { RunPlan, RunView } from "../../../src/load/run_plan.ts";
import { RunRecorder } from "../../../src/load/run_recorder.ts";
import type { LoadRun } from "../../../src/load/load_run.ts";
import { madePool } from "../../load/requests/made_pool.ts";
import { simulatedProtocol, SimulatedServer } from "../../load/simulated_server.ts";
import { VirtualClock } from "../../load/virtual_clock.ts";

/** What runs have in common that went from their beginning to their end. */
export const RUN = {
  warmUpRequests: 0,
  windowStartMs: 0,
  windowFrom: 0,
  cancelled: 0,
  endReason: "duration",
  doubt: null,
  lost: null,
  outages: [],
  failureExamples: {},
} as const;

/** A run of one lane without a server: what is recorded comes from a script. Times ms. */
export interface Script {
  /** Attempts. */
  readonly requests: number;
  /** Those before the window. */
  readonly warmUpRequests: number;
  /** Takes in what is not kept. */
  readonly fold?: RunPlan["fold"];
  /** Asked as in any run. */
  readonly stopWhen?: (view: RunView) => boolean;
  /** Told each attempt. */
  readonly onAttempt?: RunPlan["onAttempt"];
}

/** Attempts at the beginning that are slower than all others. */
export const COLD = 22_000;

/** Latencies from 2 ms on with slow phases, every 1,000th fails, each third without a first byte. */
export function scriptedRun({ requests, warmUpRequests, fold, stopWhen, onAttempt }: Script): LoadRun {
  const clock = new VirtualClock();
  const server = new SimulatedServer(clock, () => ({ serviceMs: 1 }));
  const recorder = new RunRecorder({
    transport: server.openTransport(),
    protocol: simulatedProtocol,
    pool: madePool(simulatedProtocol, { kind: "text", words: 1 }),
    asked: { model: "m", predictions: 1, allowNullResults: false },
    timeoutMs: 1000,
    durationMs: Infinity,
    clock,
    warmUpRequests,
    ...(fold === undefined ? {} : { fold }),
    ...(stopWhen === undefined ? {} : { stopWhen }),
    ...(onAttempt === undefined ? {} : { onAttempt }),
  });
  const random = seededRandom(1);
  const attempt = {
    scheduledAt: 0,
    sentAt: 0,
    writtenAt: NaN,
    firstByteAt: NaN,
    endedAt: 0,
    serverMs: NaN,
    judgingMs: 0.01,
    result: "success" as "success" | "status",
    message: "",
  };
  let atMs = 0;
  for (let i = 0; i < requests && recorder.goesOn; i++) {
    const slow = (i % 2000 < 300 ? 3 : 0) + (i < COLD ? 20 : 0);
    attempt.scheduledAt = attempt.sentAt = atMs;
    atMs += 2 + slow - Math.log(1 - random());
    attempt.endedAt = atMs;
    attempt.firstByteAt = i % 3 === 0 ? NaN : atMs - 0.2;
    attempt.serverMs = 1 + slow;
    attempt.result = i % 1000 === 999 ? "status" : "success";
    recorder.attemptEnded(attempt);
  }
  recorder.end("duration", atMs);
  return recorder.result();
}
