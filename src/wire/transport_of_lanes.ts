import type { Lane, Transport } from "../core/transport.ts";

/**
 * A transport that is nothing but its lanes.
 *
 * @param origin Scheme, host and port that it talks to.
 * @param newLane Makes a lane that opens nothing yet, and calls `onClosed` when it is closed.
 */
export function transportOfLanes(origin: string, newLane: (onClosed: () => void) => Lane): Transport {
  const lanes = new Set<Lane>();
  let closed = false;
  const close = async () => {
    closed = true;
    await Promise.all([...lanes].map((lane) => lane.close()));
  };
  return {
    origin,
    openLane(): Lane {
      if (closed) throw new TypeError("Cannot open a lane as the transport must be open: it is closed");
      const lane = newLane(() => lanes.delete(lane));
      lanes.add(lane);
      return lane;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
