import { atMost } from "../bar.ts";
import { ownClient } from "../clients/own_client.ts";
import { measureInTurn, type Measurement, NOTHING } from "../measurement.ts";
import { median, type Row } from "../row.ts";
import { SMALL_MODEL } from "../servers/answers.ts";

const RATE_PER_SECOND = 1000;
const MOST_CONNECTIONS = 64;
const GROUP = `${RATE_PER_SECOND} Poisson arrivals a second`;

/** How late the open loop sends what is due, and what waiting costs. */
export const lateness: Measurement = async (bench) => {
  if (bench.sink === null) return NOTHING;
  await using server = await bench.sink(0);
  const client = ownClient("open loop", { kind: "on time", ratePerSecond: RATE_PER_SECOND });
  const job = { url: server.url, model: SMALL_MODEL, batchSize: 1, connections: MOST_CONNECTIONS };
  const runs = (await measureInTurn(bench, GROUP, [client], job)).get(client);
  if (runs === undefined) return NOTHING;
  const rounds = {
    requestsPerSecond: runs.map(({ requests, seconds }) => requests / seconds),
    cpuShare: runs.map(({ cpuMs, seconds }) => cpuMs / 1000 / seconds),
    p50Ms: runs.map(({ lateP50Ms }) => lateP50Ms!),
    p99Ms: runs.map(({ lateP99Ms }) => lateP99Ms!),
  };
  const row: Row = { group: GROUP, client: "lateness of the open loop", rounds };
  return {
    rows: [row],
    bars: [
      atMost(`${GROUP}: median lateness, ms`, median(rounds.p50Ms), 0.2),
      atMost(`${GROUP}: p99 of lateness, ms`, median(rounds.p99Ms), 1.5),
      atMost(`${GROUP}: share of a core`, median(rounds.cpuShare), 0.4),
    ],
  };
};
