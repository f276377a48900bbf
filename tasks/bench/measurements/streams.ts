import { atMost } from "../bar.ts";
import { ownClient } from "../clients/own_client.ts";
import { measureInTurn, type Measurement } from "../measurement.ts";
import { median, type Row } from "../row.ts";
import { EVENTS_AN_ANSWER, startEventServer, STREAM_MODEL } from "../servers/events.ts";

const STREAMS = [32, 256] as const;
/** An answer takes a second: less than a few of them tell little. */
const LEAST_SECONDS = 3;
const CLIENT = "end to end";
const LIMIT_US = 25;

/** CPU time for each event of streamed answers, which come one by one, each with its JSON, ids and counts. */
export const streams: Measurement = async (bench) => {
  await using server = await startEventServer();
  const rows: Row[] = [];
  const seconds = Math.max(LEAST_SECONDS, bench.seconds);
  for (const connections of STREAMS) {
    const group = `events of ${connections} streams`;
    const job = { url: server.url, model: STREAM_MODEL, protocol: "openai", batchSize: 1, connections };
    const client = ownClient(CLIENT, { kind: "end to end" });
    const runs = (await measureInTurn({ ...bench, seconds }, group, [client], job)).get(client) ?? [];
    rows.push({
      group,
      client: CLIENT,
      rounds: {
        requestsPerSecond: runs.map(({ requests, seconds }) => requests * EVENTS_AN_ANSWER / seconds),
        cpuUs: runs.map(({ requests, cpuMs }) => 1000 * cpuMs / (requests * EVENTS_AN_ANSWER)),
      },
    });
  }
  const bars = rows.map(({ group, rounds: { cpuUs = [] } }) =>
    atMost(`${group}: CPU of an event, us`, cpuUs.length === 0 ? null : median(cpuUs), LIMIT_US)
  );
  return { rows, bars };
};
