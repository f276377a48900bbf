/**
 * Why a request failed. The list is closed: every layer classifies into it.
 *
 * - `timeout`: no complete answer within the request's own deadline
 * - `refused`: the connection could not be opened
 * - `reset`: the peer reset the connection
 * - `closed`: the peer closed the connection before the answer was complete
 * - `status`: an HTTP status outside 2xx
 * - `malformed`: an answer that cannot be read by the protocol
 * - `wrong-model`: another model than the one asked answered
 * - `rejected`: the server answered in form, but said that (part of) the work failed
 * - `limited`: the server does not want so many requests: status 429, or 503 with the time after which to ask again
 * - `too-large`: an answer that is larger than is taken, by itself or together with those that came at once
 * - `client`: a limit of the machine that measures kept the request from being sent: the server has no part in it
 */
export const FAILURE_REASONS = [
  "timeout",
  "refused",
  "reset",
  "closed",
  "status",
  "malformed",
  "wrong-model",
  "rejected",
  "limited",
  "too-large",
  "client",
] as const;

/** One member of {@linkcode FAILURE_REASONS}. */
export type FailureReason = typeof FAILURE_REASONS[number];

/** Reasons that say the connection failed, not the work: many of them in a row mean that the server is gone. */
export const CONNECTION_FAILURES: ReadonlySet<string> = new Set<FailureReason>(["refused", "reset", "closed"]);

/** What became of one attempt. A cancelled attempt was cut off by us: it is neither success nor failure. */
export type Outcome =
  | { readonly kind: "success" }
  | { readonly kind: "failure"; readonly reason: FailureReason }
  | { readonly kind: "cancelled" };
