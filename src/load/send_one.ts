import type { Clock } from "../core/clock.ts";
import type { Asked, Protocol, Verdict } from "../core/protocol.ts";
import type { Lane, WireRequest } from "../core/transport.ts";
import { ExchangeTimes } from "./exchange_times.ts";
import { judged } from "./judged.ts";
import type { ServerHold } from "./server/server_hold.ts";

/** One request by itself, and what its answer is worth. */
export interface SingleAttempt {
  /** From sending to the end of the answer, ms. */
  readonly latencyMs: number;
  /** What it is worth. `cancelled` if the signal ended it. */
  readonly verdict: Verdict | { readonly kind: "cancelled" };
}

/** What {@linkcode sendOne} needs. */
export interface SingleRequest {
  readonly request: WireRequest;
  readonly asked: Asked;
  readonly protocol: Pick<Protocol, "judge">;
  /** Deadline, ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Cuts it off. */
  readonly signal?: AbortSignal;
  /** Keeps the times for which the server asked to be left alone: it is sent after them. Without it, at once. */
  readonly hold?: ServerHold;
}

/**
 * Sends one request over an idle lane.
 *
 * @param lane The connection.
 * @param single What to send.
 * @returns Its latency and verdict; never rejects because of what the server does.
 */
export async function sendOne(lane: Lane, single: SingleRequest): Promise<SingleAttempt> {
  const { hold, signal } = single;
  await hold?.passed(() => !signal?.aborted);
  const attempt = await sendNow(lane, single);
  const { verdict } = attempt;
  if (verdict.kind === "failure" && verdict.waitMs !== undefined) hold?.asked(verdict.waitMs);
  return attempt;
}

function sendNow(lane: Lane, single: SingleRequest): Promise<SingleAttempt> {
  const { request, asked, protocol, timeoutMs, clock, signal } = single;
  if (signal?.aborted) return Promise.resolve({ latencyMs: 0, verdict: { kind: "cancelled" } });
  return new Promise((resolve) => {
    const onAbort = () => lane.cancel();
    const times = new ExchangeTimes(clock);
    const end = (verdictOf: () => SingleAttempt["verdict"], endedAt = clock.now()) => {
      const latencyMs = endedAt - times.sentAt;
      signal?.removeEventListener("abort", onAbort);
      resolve({ latencyMs, verdict: verdictOf() });
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    times.begin();
    lane.send(request, timeoutMs, {
      onSending: () => times.sending(),
      onRead: () => times.read(),
      onFirstByte: () => {},
      onResponse: (response) => end(() => judged(protocol, response, asked), times.cameAt),
      onFailure: (reason, message) => end(() => ({ kind: "failure", reason, message })),
      onCancelled: () => end(() => ({ kind: "cancelled" })),
    });
  });
}
