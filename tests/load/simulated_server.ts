import type { FailureReason } from "../../src/core/outcome.ts";
import type { ModelInput } from "../../src/core/model_input.ts";
import type { ModelDescription, Protocol } from "../../src/core/protocol.ts";
import type { Target } from "../../src/core/target.ts";
import type { Lane, LaneObserver, Transport, WireRequest } from "../../src/core/transport.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import type { VirtualClock } from "./virtual_clock.ts";

/** What one simulated request meets. */
export interface Arrival {
  /** Number of the request, from 0. */
  readonly index: number;
  /** Virtual now, ms. */
  readonly nowMs: number;
  /** Requests in the server, this one included. */
  readonly outstanding: number;
  /** Items in the request. */
  readonly batchSize: number;
  /** What was sent. */
  readonly request: WireRequest;
}

/** What becomes of it: an answer after `serviceMs` or a failure after `afterMs`. */
export type Fate =
  | { readonly serviceMs: number; readonly failure?: undefined }
  | { readonly failure: FailureReason; readonly afterMs: number };

/** A server of `workers` parallel workers with a first-come queue, in virtual time. */
export class SimulatedServer {
  readonly #clock: VirtualClock;
  readonly #fate: (arrival: Arrival) => Fate;
  readonly #freeAtMs: number[];
  /** Requests received. */
  received = 0;
  /** Lanes ever opened. */
  lanes = 0;
  /** Lanes not yet closed. */
  openLanes = 0;
  #outstanding = 0;

  constructor(clock: VirtualClock, fate: (arrival: Arrival) => Fate, workers = Infinity) {
    this.#clock = clock;
    this.#fate = fate;
    this.#freeAtMs = Number.isFinite(workers) ? Array<number>(workers).fill(0) : [];
  }

  openTransport(): Transport {
    const close = () => Promise.resolve();
    return {
      origin: "http://simulated",
      openLane: () => {
        this.lanes++;
        return this.#lane();
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  #lane(): Lane {
    let cancelOutstanding: (() => void) | null = null;
    let open = true;
    this.openLanes++;
    return {
      send: (request: WireRequest, timeoutMs: number, observer: LaneObserver) => {
        if (cancelOutstanding !== null) throw new TypeError("a request is outstanding");
        this.#outstanding++;
        const fate = this.#fate({
          index: this.received++,
          nowMs: this.#clock.now(),
          outstanding: this.#outstanding,
          batchSize: wholeBody(request.body)[0] ?? 0,
          request,
        });
        const delayMs = fate.failure === undefined ? this.#queued(fate.serviceMs) : fate.afterMs;
        const late = delayMs > timeoutMs;
        const end = (tell: () => void) => () => {
          cancelOutstanding = null;
          this.#outstanding--;
          tell();
        };
        const revoke = this.#clock.after(
          Math.min(delayMs, timeoutMs),
          end(() => {
            if (late) return observer.onFailure("timeout", `no answer within ${timeoutMs} ms`);
            if (fate.failure !== undefined) return observer.onFailure(fate.failure, `simulated ${fate.failure}`);
            observer.onFirstByte();
            observer.onResponse({ status: 200, headers: {}, body: new Uint8Array() });
          }),
        );
        cancelOutstanding = end(() => {
          revoke();
          observer.onCancelled();
        });
      },
      cancel: () => cancelOutstanding?.(),
      close: () => {
        cancelOutstanding?.();
        if (open) this.openLanes--;
        open = false;
        return Promise.resolve();
      },
    };
  }

  /** Delay of a request that takes `serviceMs` on the first worker that frees. */
  #queued(serviceMs: number): number {
    if (this.#freeAtMs.length === 0) return serviceMs;
    const now = this.#clock.now();
    let worker = 0;
    for (let i = 1; i < this.#freeAtMs.length; i++) {
      if (this.#freeAtMs[i]! < this.#freeAtMs[worker]!) worker = i;
    }
    const freeAt = Math.max(now, this.#freeAtMs[worker]!) + serviceMs;
    this.#freeAtMs[worker] = freeAt;
    return freeAt - now;
  }
}

/** Encodes the batch size as the one byte of the body; any answer is a success. */
export const simulatedProtocol: Protocol = {
  name: "simulated",
  resolveModel: (name) => name,
  encode: (_model, inputs: readonly ModelInput[]) => ({
    method: "POST",
    path: "/",
    headers: [],
    body: Uint8Array.of(inputs.length),
  }),
  judge: () => ({ kind: "success", serverMs: null }),
  health: () => Promise.resolve({ healthy: true, detail: "" }),
  describeModel: () => Promise.resolve(SIMULATED_MODEL),
};

const SIMULATED_MODEL: ModelDescription = {
  name: "simulated",
  input: { kind: "text", words: 1 },
  maxBatchSize: null,
  device: null,
};

/** A target over a simulated server. */
export function simulatedTarget(server: SimulatedServer, protocol: Protocol = simulatedProtocol): Target {
  const close = () => Promise.resolve();
  return {
    url: "http://simulated",
    model: "simulated",
    description: SIMULATED_MODEL,
    protocol,
    protocolEvidence: "simulated",
    embedded: false,
    openTransport: () => server.openTransport(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
