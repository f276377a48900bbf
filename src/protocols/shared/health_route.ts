import type { Protocol } from "../../core/protocol.ts";

const NO_ROUTE = [404, 405];

/**
 * The protocol over a server that may have no route for its health, as behind a gateway that lets through only the routes of
 * the model: that says nothing about its health, and the model is asked instead. It is noted.
 *
 * @param protocol The protocol.
 * @param lastStatus The status of the server's last answer.
 */
export function healthyWithoutRoute(protocol: Protocol, lastStatus: () => number): Protocol {
  let note: string | null = null;
  return {
    ...protocol,
    async health(options) {
      const health = await protocol.health(options);
      if (health.healthy || !NO_ROUTE.includes(lastStatus())) return health;
      note = `The server does not say whether it is healthy: ${health.detail}.`;
      return { ...health, healthy: true };
    },
    notes: () => [...note === null ? [] : [note], ...protocol.notes?.() ?? []],
  };
}
