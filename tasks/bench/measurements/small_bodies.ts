import { MissingToolError } from "../../agreement/peer.ts";
import { atMost, type Bar } from "../bar.ts";
import { ab } from "../clients/ab.ts";
import { autocannon } from "../clients/autocannon.ts";
import type { Client } from "../clients/client.ts";
import { hey } from "../clients/hey.ts";
import { ownClient } from "../clients/own_client.ts";
import { FIRST_TRANSPORT, transportClients } from "../clients/transport_clients.ts";
import { timedWrk, wrk } from "../clients/wrk.ts";
import { type Bench, measureInTurn, type Measurement } from "../measurement.ts";
import type { PinnedServer } from "../pinned.ts";
import { median, ratioOf, type Row, valuesOf } from "../row.ts";
import { SMALL_MODEL } from "../servers/answers.ts";
import { startNginx } from "../servers/nginx.ts";

const CONNECTIONS = [1, 8, 32, 128] as const;
const END_TO_END = "end to end";

/** Requests of 1.9 KB by number of connections, against nginx. */
export const smallBodies: Measurement = async (bench) => {
  await using server = await startServer(bench);
  const clients = await clientsOf(bench);
  const rows: Row[] = [];
  for (const connections of CONNECTIONS) {
    const job = { url: server.url, model: SMALL_MODEL, batchSize: 1, connections };
    const those = connections === 1 ? [...clients, timedWrk(bench.bodies)] : clients;
    for (const [{ name }, runs] of await measureInTurn(bench, groupOf(connections), those, job)) {
      rows.push({
        group: groupOf(connections),
        client: name,
        rounds: {
          requestsPerSecond: runs.map(({ requests, seconds }) => requests / seconds),
          cpuUs: runs.map(({ requests, cpuMs }) => 1000 * cpuMs / requests),
          p50Ms: runs.flatMap(({ p50Ms }) => p50Ms ?? []),
        },
      });
    }
  }
  return { rows, bars: barsOf(rows) };
};

function barsOf(rows: readonly Row[]): Bar[] {
  return [
    ...CONNECTIONS.map((connections) =>
      cpuBar(rows, connections, FIRST_TRANSPORT, "wrk", connections === 1 ? 1.6 : 1.3)
    ),
    ...CONNECTIONS.map((connections) => cpuBar(rows, connections, END_TO_END, "wrk", 2)),
    ...["autocannon", "hey"].flatMap((peer) =>
      CONNECTIONS.map((connections) => cpuBar(rows, connections, END_TO_END, peer, 1))
    ),
    latencyBar(rows),
  ];
}

function groupOf(connections: number): string {
  return `1.9 KB, ${connections} connection${connections === 1 ? "" : "s"}`;
}

function cpuBar(rows: readonly Row[], connections: number, client: string, peer: string, limit: number): Bar {
  const values = (name: string) => valuesOf(rows, groupOf(connections), name, "cpuUs");
  return atMost(
    `${groupOf(connections)}: CPU of ${client} / ${peer}`,
    ratioOf(values(client), values(peer)),
    limit,
  );
}

function latencyBar(rows: readonly Row[]): Bar {
  const [own, peer] = [END_TO_END, "wrk, script's clock"].map((name) => valuesOf(rows, groupOf(1), name, "p50Ms"));
  const added = own === undefined || peer === undefined
    ? null
    : 1000 * median(own.slice(0, peer.length).map((value, round) => value - peer[round]!));
  return atMost(`${groupOf(1)}: median latency above wrk's, us`, added, 10);
}

async function startServer({ folder, sink, lacks }: Bench): Promise<PinnedServer> {
  try {
    return await startNginx(folder);
  } catch (error) {
    if (!(error instanceof MissingToolError) || sink === null) throw error;
    lacks(`${error.message}; small bodies go to the C server instead`);
    return await sink(0);
  }
}

async function clientsOf({ bodies, lacks }: Bench): Promise<Client[]> {
  const own = [
    ...transportClients(),
    ownClient(END_TO_END, { kind: "end to end" }),
    ownClient("bare loop", { kind: "bare", whole: true }),
  ];
  try {
    return [...own, wrk(bodies), hey(bodies), ab(bodies), await autocannon(bodies)];
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error;
    lacks(error.message);
    return [...own, wrk(bodies), hey(bodies), ab(bodies)];
  }
}
