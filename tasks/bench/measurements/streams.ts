import { TRUTH_MODEL } from "../../../tests/calibration/streams/stream_server.ts";
import { atLeast, atMost, type Bar } from "../bar.ts";
import { ownClient } from "../clients/own_client.ts";
import { type Bench, type Measured, measureInTurn, type Measurement } from "../measurement.ts";
import { median, ratioOf, type Row, valuesOf } from "../row.ts";
import { startEventServer, STREAM_MODEL } from "../servers/events.ts";
import { startStreamTruth, streamAccount } from "../servers/stream_truth.ts";

const STREAMS = [32, 500] as const;
/** An answer takes a second: less than a few of them tell little. */
const LEAST_SECONDS = 3;
const CLIENT = "end to end", BARE = "bare reads";
const LIMIT_US = 25, LEAST_EVENTS = 20_000;
/** Resident memory after so many times as many events may be so many times as large. */
const LONGER = 10, MOST_GROWTH = 1.25;
/** How far off times may be from the server's own account, for so many streams: ms, and a share. */
const TRUTH_STREAMS = 8, FIRST_OFF_MS = 1, TOKEN_OFF = 0.01;

/**
 * CPU time for each event of streamed answers, which come one by one, each with its JSON, ids and counts, beside that of
 * reading the same bytes and looking at none; how many streams there may be at once; memory after a long run; and how far
 * times are from those of a server that says when it wrote.
 */
export const streams: Measurement = async (bench) => {
  const parts = [await eventCost(bench), await memoryOfLongRuns(bench), await againstTruth(bench)];
  return { rows: parts.flatMap(({ rows }) => rows), bars: parts.flatMap(({ bars }) => bars) };
};

const jobOf = (url: string, connections: number) => (
  { url, model: STREAM_MODEL, protocol: "openai", batchSize: 1, connections }
);

async function eventCost(bench: Bench): Promise<Measured> {
  await using server = await startEventServer();
  const rows: Row[] = [], bars: Bar[] = [];
  const clients = [ownClient(CLIENT, { kind: "end to end" }), ownClient(BARE, { kind: "bare stream" })];
  const seconds = Math.max(LEAST_SECONDS, bench.seconds);
  for (const connections of STREAMS) {
    const group = `events of ${connections} streams`;
    const runs = await measureInTurn({ ...bench, seconds }, group, clients, jobOf(server.url, connections));
    for (const [{ name }, own] of runs) {
      rows.push({
        group,
        client: name,
        rounds: {
          requestsPerSecond: own.map(({ events, seconds }) => events! / seconds),
          cpuUs: own.map(({ events, cpuMs }) => 1000 * cpuMs / events!),
        },
      });
    }
    const costs = valuesOf(rows, group, CLIENT, "cpuUs"), bare = valuesOf(rows, group, BARE, "cpuUs");
    const cost = costs === undefined ? null : median(costs);
    bars.push(
      atMost(`${group}: CPU of an event, us`, cost, LIMIT_US),
      atLeast(`${group}: events in a second of CPU`, cost === null ? null : 1e6 / cost, LEAST_EVENTS),
      atMost(`${group}: CPU of an event by that of reading it`, ratioOf(costs, bare), 3),
    );
  }
  return { rows, bars };
}

async function memoryOfLongRuns(bench: Bench): Promise<Measured> {
  await using server = await startEventServer();
  const client = ownClient(CLIENT, { kind: "end to end" });
  const rows: Row[] = [];
  for (const times of [1, LONGER]) {
    const group = `memory of 32 streams after ${times * LEAST_SECONDS} s`;
    const once = { ...bench, pairs: 1, seconds: times * LEAST_SECONDS };
    const [run] = (await measureInTurn(once, group, [client], jobOf(server.url, 32))).get(client) ?? [];
    if (run?.rssBytes !== undefined) rows.push({ group, client: CLIENT, rounds: { rssMb: [run.rssBytes / 1e6] } });
  }
  const [short, long] = rows.map(({ rounds }) => rounds.rssMb);
  return { rows, bars: [atMost(`memory after ${LONGER} times as many events`, ratioOf(long, short), MOST_GROWTH)] };
}

async function againstTruth(bench: Bench): Promise<Measured> {
  await using server = await startStreamTruth();
  const client = ownClient(CLIENT, { kind: "end to end" });
  const job = { ...jobOf(server.url, TRUTH_STREAMS), model: TRUTH_MODEL };
  const firstOff: number[] = [], tokenOff: number[] = [];
  for (let round = 0, from = 0; round < bench.pairs; round++) {
    const group = `times of ${TRUTH_STREAMS} streams, round ${round + 1} of ${bench.pairs}`;
    const [run] = (await measureInTurn({ ...bench, pairs: 1 }, group, [client], job)).get(client) ?? [];
    const { account, until } = await streamAccount(server.url, from);
    from = until;
    if (run?.firstTokenP50Ms === undefined) continue;
    firstOff.push(Math.abs(run.firstTokenP50Ms - account.firstTokenP50Ms));
    tokenOff.push(Math.abs(run.tokenP50Ms! / account.tokenP50Ms - 1));
  }
  const off = (all: readonly number[]) => all.length === 0 ? null : median(all);
  return {
    rows: [],
    bars: [
      atMost("first token, off the server's own account, ms", off(firstOff), FIRST_OFF_MS),
      atMost("output token, off the server's own account, share", off(tokenOff), TOKEN_OFF),
    ],
  };
}
