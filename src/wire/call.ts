import { ExchangeError } from "../core/errors.ts";
import { shownPath } from "../core/request/secret_name.ts";
import type { Call, CallOptions, Lane, Transport, WireRequest, WireResponse } from "../core/transport.ts";

const TIMEOUT_MS = 10_000;

/**
 * Turns a transport into plain calls, for everything outside the hot path. Lanes are opened as calls overlap and used
 * again when they are idle; closing the transport closes them.
 *
 * @param transport Carries the calls.
 * @param baseUrl What the transport's paths are below, for messages.
 * @returns A function that rejects with {@linkcode ExchangeError} where no complete answer came, and with the signal's
 * reason where the signal ended the call.
 */
export function callOver(transport: Transport, baseUrl: string = transport.origin): Call {
  const idle: Lane[] = [];
  return (request: WireRequest, options: CallOptions = {}): Promise<WireResponse> =>
    new Promise((resolve, reject) => {
      const { signal, timeoutMs = TIMEOUT_MS } = options;
      if (signal?.aborted) return reject(signal.reason);
      const lane = idle.pop() ?? transport.openLane();
      const onAbort = () => lane.cancel();
      const done = () => {
        signal?.removeEventListener("abort", onAbort);
        idle.push(lane);
      };
      lane.send(request, timeoutMs, {
        onFirstByte() {},
        onResponse(response) {
          done();
          resolve(response);
        },
        onFailure(reason, message) {
          done();
          reject(new ExchangeError(reason, `${request.method} ${baseUrl}${shownPath(request.path)}: ${message}`));
        },
        onCancelled() {
          done();
          reject(signal?.aborted ? signal.reason : new ExchangeError("closed", "the transport was closed"));
        },
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
}
