import type { LaneObserver, Transport, WireRequest } from "../../../src/core/transport.ts";

/** What {@linkcode soak} does. */
export interface SoakOptions {
  /** Requests in all. */
  readonly requests: number;
  /** Lanes that send at any time. */
  readonly lanes: number;
  /** After so many requests of its own a lane is closed, or its request cancelled, and another one opened. */
  readonly requestsPerLane: number;
  /** Is told how many requests were answered. */
  readonly onProgress?: (answered: number) => void;
}

/** What became of the requests. */
export interface Soaked {
  readonly answered: number;
  readonly cancelled: number;
  readonly failures: readonly string[];
  readonly lanesOpened: number;
}

/** Bodies of all the ways in which they are written. */
const BODIES: readonly WireRequest["body"][] = [
  new Uint8Array(1900),
  null,
  [new Uint8Array(100), new Uint8Array(2000)],
  [new Uint8Array(40_000), new Uint8Array(5), new Uint8Array(90_000)],
];

/** Sends many requests over lanes that come and go. */
export async function soak(transport: Transport, options: SoakOptions): Promise<Soaked> {
  let sent = 0, answered = 0, cancelled = 0, lanesOpened = 0;
  const failures: string[] = [];
  const requests = BODIES.map((body, i): WireRequest => ({ method: "POST", path: `/${i}`, headers: [], body }));
  const oneLane = async () => {
    while (sent < options.requests) {
      const lane = transport.openLane(), doomed = lanesOpened++ % 3 === 0;
      await new Promise<void>((resolve) => {
        let left = options.requestsPerLane;
        const next = () => {
          if (sent >= options.requests || left-- === 0) return resolve();
          // Most are small, as in a real run; one in 64 is not.
          const request = requests[sent % 64 === 63 ? 3 : sent % 3]!;
          sent++;
          lane.send(request, 60_000, observer);
          if (doomed && left === 0) lane.cancel();
        };
        const observer: LaneObserver = {
          onSent() {},
          onFirstByte() {},
          onResponse({ status }) {
            if (status !== 200) failures.push(`status ${status}`);
            if (++answered % 10_000 === 0) options.onProgress?.(answered);
            next();
          },
          onFailure(reason, message) {
            failures.push(`${reason}: ${message}`);
            next();
          },
          onCancelled() {
            cancelled++;
            next();
          },
        };
        next();
      });
      await lane.close();
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, oneLane));
  return { answered, cancelled, failures, lanesOpened };
}
