import { atLeast, atMost, type Bar } from "../bar.ts";
import type { Client, Job } from "../clients/client.ts";
import { ownClient } from "../clients/own_client.ts";
import { FIRST_TRANSPORT, transportClients } from "../clients/transport_clients.ts";
import { wrk } from "../clients/wrk.ts";
import { type Bench, measureInTurn, type Measurement, NOTHING } from "../measurement.ts";
import type { PinnedServer } from "../pinned.ts";
import { ratioOf, type Row, valuesOf } from "../row.ts";
import { IMAGE_BYTES, IMAGE_MODEL } from "../servers/answers.ts";
import { startPythonServer } from "../servers/python.ts";

const SIZES = [{ batchSize: 1, size: "602 KB" }, { batchSize: 16, size: "9.6 MB" }, { batchSize: 64, size: "38 MB" }];
const SERVERS = { sink: "a C server", python: "a Python server" } as const;
const BARE = "bare loop, by items";
const BARE_WHOLE = "bare loop, whole";

/** Bodies of 602 KB to 38 MB on one connection, against a server that discards them. */
export const largeBodies: Measurement = async (bench) => {
  if (bench.sink === null) return NOTHING;
  await using server = await bench.sink(0);
  const rows = await measureSizes(bench, server, SERVERS.sink);
  const bars = SIZES.flatMap(({ size }) => {
    const group = groupOf(size, SERVERS.sink);
    const own = FIRST_TRANSPORT;
    const cpu = (client: string) => valuesOf(rows, group, client, "cpuUs");
    return [
      atMost(`${group}: CPU / the bare loop's`, ratioOf(cpu(own), cpu(BARE)), 1.3),
      rateBar(rows, group, own),
    ];
  });
  return { rows, bars };
};

/** The same against a plain Python server, which wakes for every piece that comes: how large writes should be. */
export const pythonServer: Measurement = async (bench) => {
  await using server = await startPythonServer(bench.say);
  const rows = await measureSizes(bench, server, SERVERS.python);
  const own = FIRST_TRANSPORT;
  return { rows, bars: SIZES.map(({ size }) => rateBar(rows, groupOf(size, SERVERS.python), own)) };
};

async function measureSizes(bench: Bench, { url }: PinnedServer, server: string): Promise<Row[]> {
  const clients: Client[] = [
    ...transportClients(),
    ownClient(BARE, { kind: "bare", whole: false }),
    ownClient(BARE_WHOLE, { kind: "bare", whole: true }),
    wrk(bench.bodies),
  ];
  const rows: Row[] = [];
  for (const { batchSize, size } of SIZES) {
    const group = groupOf(size, server);
    const job: Omit<Job, "seconds"> = { url, model: IMAGE_MODEL, batchSize, connections: 1 };
    for (const [{ name }, runs] of await measureInTurn(bench, group, clients, job)) {
      rows.push({
        group,
        client: name,
        rounds: {
          requestsPerSecond: runs.map(({ requests, seconds }) => requests / seconds),
          gigabytesPerSecond: runs.map(({ requests, seconds }) => requests * batchSize * IMAGE_BYTES / seconds / 1e9),
          cpuUs: runs.map(({ requests, cpuMs }) => 1000 * cpuMs / requests),
          p50Ms: runs.flatMap(({ p50Ms }) => p50Ms ?? []),
        },
      });
    }
  }
  return rows;
}

function groupOf(size: string, server: string): string {
  return `${size} to ${server}`;
}

/** Held against each of the others; the smallest ratio is the one to the best. */
function rateBar(rows: readonly Row[], group: string, own: string): Bar {
  const rates = (client: string) => valuesOf(rows, group, client, "gigabytesPerSecond");
  const ratios = rows.filter((row) => row.group === group && row.client !== own)
    .map(({ client }) => ratioOf(rates(own), rates(client)) ?? Infinity);
  const smallest = Math.min(...ratios);
  return atLeast(`${group}: GB/s / the best other's`, Number.isFinite(smallest) ? smallest : null, 0.9);
}
