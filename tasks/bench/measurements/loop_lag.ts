import { atMost } from "../bar.ts";
import { ownClient } from "../clients/own_client.ts";
import { measureInTurn, type Measurement, NOTHING } from "../measurement.ts";
import { median, type Row, valuesOf } from "../row.ts";
import { IMAGE_MODEL, SMALL_MODEL } from "../servers/answers.ts";

const CASES = [
  { size: "1.9 KB", model: SMALL_MODEL, batchSize: 1, connections: 32 },
  { size: "602 KB", model: IMAGE_MODEL, batchSize: 1, connections: 1 },
  { size: "9.6 MB", model: IMAGE_MODEL, batchSize: 16, connections: 1 },
  { size: "38 MB", model: IMAGE_MODEL, batchSize: 64, connections: 1 },
];
const CLIENT = "end to end";

/** How late the event loop of a test runs its timers, by body; the server answers 5 ms after it, as one that works. */
export const loopLag: Measurement = async (bench) => {
  if (bench.sink === null) return NOTHING;
  await using server = await bench.sink(5000);
  const rows: Row[] = [];
  for (const { size, ...job } of CASES) {
    const clients = [ownClient(CLIENT, { kind: "end to end" })];
    for (const [, runs] of await measureInTurn(bench, groupOf(size), clients, { url: server.url, ...job })) {
      rows.push({
        group: groupOf(size),
        client: CLIENT,
        rounds: {
          requestsPerSecond: runs.map(({ requests, seconds }) => requests / seconds),
          cpuUs: runs.map(({ requests, cpuMs }) => 1000 * cpuMs / requests),
          p99Ms: runs.flatMap(({ lagP99Ms }) => lagP99Ms ?? []),
          rssMb: runs.flatMap(({ rssBytes }) => rssBytes === undefined ? [] : rssBytes / 1e6),
        },
      });
    }
  }
  const bars = CASES.map(({ size }) => {
    const lags = valuesOf(rows, groupOf(size), CLIENT, "p99Ms");
    return atMost(`${groupOf(size)}: p99, ms`, lags === undefined ? null : median(lags), 5);
  });
  return { rows, bars };
};

function groupOf(size: string): string {
  return `event loop's lateness, ${size}`;
}
