import type { FailureReason } from "../../src/core/outcome.ts";
import type { Lane, WireRequest, WireResponse } from "../../src/core/transport.ts";

/** `GET /`. */
export const GET: WireRequest = { method: "GET", path: "/", headers: [], body: null };

/** A prediction request with a small body. */
export const POST: WireRequest = {
  method: "POST",
  path: "/m/predict",
  headers: ["content-type", "application/json"],
  body: new TextEncoder().encode('{"inputs":[1]}'),
};

/** What became of one request, with everything that the observer was told, in order. */
export interface Ended {
  readonly told: readonly string[];
  readonly response: WireResponse | null;
  readonly reason: FailureReason | null;
  readonly message: string;
}

/** Sends one request and waits for its end. */
export function exchange(lane: Lane, request = GET, timeoutMs = 10_000): Promise<Ended> {
  return new Promise((resolve) => {
    const told: string[] = [];
    const end = (what: string, rest: Partial<Ended>) => {
      told.push(what);
      resolve({ told, response: null, reason: null, message: "", ...rest });
    };
    lane.send(request, timeoutMs, {
      onFirstByte: () => told.push("first byte"),
      onResponse: (response) => end("response", { response }),
      onFailure: (reason, message) => end("failure", { reason, message }),
      onCancelled: () => end("cancelled", {}),
    });
  });
}

/** The body as text. */
export function text(ended: Ended): string {
  return new TextDecoder().decode(ended.response?.body);
}
