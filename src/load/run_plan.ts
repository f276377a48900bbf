import type { Clock } from "../core/clock.ts";
import type { Asked, Protocol } from "../core/protocol.ts";
import type { SampleTable } from "../core/sample.ts";
import type { Transport } from "../core/transport.ts";
import type { Attempt } from "./lane_attempt.ts";
import type { RequestPool } from "./requests/request_pool.ts";
import type { SampleFold } from "./samples/sample_store.ts";
import type { ServerHold } from "./server/server_hold.ts";
import type { AskServer } from "./server/why_gone.ts";

/** A run in progress, as its stop rule sees it. */
export interface RunView {
  /** Every attempt so far that is kept. */
  readonly samples: SampleTable;
  /** Index of the first sample of the window. */
  readonly windowFrom: number;
  /** When the window began, ms since the run began. */
  readonly windowStartMs: number;
  /** Now, ms since the run began. */
  readonly nowMs: number;
}

/** What every run sends, and when it stops. */
export interface RunPlan {
  /** Where the requests go. */
  readonly transport: Transport;
  /** Judges the answers. */
  readonly protocol: Pick<Protocol, "judge" | "openStream">;
  /** What to send. */
  readonly pool: Pick<RequestPool, "next" | "release" | "sequenceIds">;
  /** What each request asks for. */
  readonly asked: Asked;
  /** Deadline of one request, ms. */
  readonly timeoutMs: number;
  /** Requests that must end before the window begins. */
  readonly warmUpRequests: number;
  /** Whether the window may begin, once these have ended. @default {() => true} */
  readonly isWarm?: () => boolean;
  /** Longest window, ms (may be infinite); one in which nothing ended goes on until something does or times out. */
  readonly durationMs: number;
  /** Ends the window when so many requests are counted. */
  readonly requests?: number;
  /** Ends the window when it returns true; called at growing intervals. */
  readonly stopWhen?: (view: RunView) => boolean;
  /** Takes in the samples after the first {@linkcode KEPT_SAMPLES}. Without it all are kept. */
  readonly fold?: SampleFold;
  /** Keeps the times for which the server asked to be left alone. Without it, it is not. */
  readonly hold?: ServerHold;
  /** Told each attempt when it has ended; what is to stay is copied. */
  readonly onAttempt?: (attempt: Attempt) => void;
  /** Ends the window, as its time does. */
  readonly until?: AbortSignal;
  /** When the run began, by the clock. @default {now} */
  readonly originMs?: number;
  /** Called with the number of requests counted so far, of those outstanding, and of successes among the counted, often. */
  readonly onCounted?: (requests: number, outstanding: number, succeeded: number) => void;
  /** Called when the window begins and when it ends. */
  readonly onWindow?: (edge: "begin" | "end") => void;
  /** How many requests are outstanding or wait. @default {() => 0} */
  readonly outstanding?: () => number;
  /** Whether a lane rests behind a failure, as the server may be gone. @default {while it is asked} */
  readonly rests?: () => boolean;
  /** The longest that an open loop waits for its last answers, ms, as far as others know what its requests take. @default {Infinity} */
  readonly patienceMs?: () => number;
  /**
   * Nothing but failed connections for so long, and no word of the server that it is there, end the run, ms. A thread never ends
   * by itself: who commands it sees what the others see. @default {3000}
   */
  readonly disconnectedMs?: number;
  /** Asks the server whether it is there, where failures make that doubtful; the run ends where it is not. */
  readonly ask?: AskServer;
  /** Ends the run at once. */
  readonly signal?: AbortSignal;
  /** @default {systemClock} */
  readonly clock?: Clock;
}
