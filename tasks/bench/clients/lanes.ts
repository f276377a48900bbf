import type { WireResponse } from "../../../src/core/transport.ts";
import { openTransport } from "../../../src/wire/open_transport.ts";
import type { ClientRun, Job } from "./client.ts";
import { openEngine } from "./engine.ts";
import { metered } from "./meter.ts";

const TIMEOUT_MS = 30_000;

/**
 * Sends the requests of a test over the lanes of a transport, without judging what comes: what the transport alone costs.
 *
 * @param job What to send.
 * @param name Name of the transport.
 */
export async function runLanes(job: Job, name: string): Promise<ClientRun> {
  const { url, connections, seconds } = job;
  await using engine = await openEngine(job);
  await using transport = openTransport(url, {}, { transport: name });
  return await metered(seconds, connections, (answered) =>
    new Promise((resolve, reject) => {
      const lane = transport.openLane(), request = engine.pool.next();
      let sentAt = 0;
      const send = () => {
        sentAt = performance.now();
        lane.send(request, TIMEOUT_MS, observer);
      };
      const observer = {
        // As the lanes of a load have it.
        borrowsBody: true,
        onFirstByte() {},
        onResponse({ status, body }: WireResponse) {
          if (status !== 200 || body.length === 0) reject(new Error(`Cannot measure: status ${status}`));
          else if (answered(sentAt)) send();
          else resolve();
        },
        onFailure: (_: string, message: string) => reject(new Error(`Cannot measure: ${message}`)),
        onCancelled: () => reject(new Error("Cannot measure: cancelled")),
      };
      send();
    }));
}
