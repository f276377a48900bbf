import type { Protocol } from "../../core/protocol.ts";
import { isOfNoRoute } from "./shown_absence.ts";

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
      if (health.healthy || !isOfNoRoute({ status: lastStatus() })) return health;
      note = `The server does not say whether it is healthy: ${health.detail}.`;
      return { ...health, healthy: true };
    },
    notes: () => [...note === null ? [] : [note], ...protocol.notes?.() ?? []],
  };
}
