import { loadResult } from "../../../src/cli/inputs/report_file.ts";
import { atMost } from "../bar.ts";
import type { Client } from "../clients/client.ts";
import { ownClient } from "../clients/own_client.ts";
import { timedWrk } from "../clients/wrk.ts";
import { type Bench, measureInTurn, type Measurement, NOTHING } from "../measurement.ts";
import { runPinned } from "../pinned.ts";
import { median, type Row, valuesOf } from "../row.ts";
import { SMALL_MODEL } from "../servers/answers.ts";
import { taskCommand } from "../task_command.ts";

const SERVICE_US = 5000;
const GROUP = "5 ms a request, 1 connection";
const OWN = "basic test", BARE = "bare loop";

/** What the basic test adds to a latency, where its process sleeps until the answer comes. */
export const oneConnection: Measurement = async (bench) => {
  if (bench.sink === null) return NOTHING;
  await using server = await bench.sink(SERVICE_US);
  const clients = [basicTest(bench), ownClient(BARE, { kind: "bare", whole: true }), timedWrk(bench.bodies)];
  const job = { url: server.url, model: SMALL_MODEL, batchSize: 1, connections: 1 };
  const rows = [...await measureInTurn(bench, GROUP, clients, job)].map(([{ name }, runs]): Row => ({
    group: GROUP,
    client: name,
    rounds: { p50Ms: runs.flatMap(({ p50Ms }) => p50Ms ?? []) },
  }));
  const [own, bare] = [OWN, BARE].map((client) => valuesOf(rows, GROUP, client, "p50Ms"));
  const added = own === undefined || bare === undefined
    ? null
    : 1000 * median(own.slice(0, bare.length).map((value, round) => value - bare[round]!));
  return { rows, bars: [atMost(`${GROUP}: median latency above the ${BARE}'s, us`, added, 20)] };
};

/** By the command, as users do. */
function basicTest({ folder }: Bench): Client {
  return {
    name: OWN,
    async measure({ url, model, seconds }) {
      const results = `${folder}/basic.json`;
      const { cpuMs } = await runPinned([
        ...taskCommand("basic", ["--url", url, "--protocol", "kserve-v2", "--model", model]),
        ...["--concurrency", "1", "--duration", String(seconds), "--output", results],
      ]);
      const { requests, elapsedMs, latencyMs } = (await loadResult(results)).tests.basic!;
      return { requests, seconds: elapsedMs / 1000, cpuMs, p50Ms: latencyMs!.p50!.value };
    },
  };
}
