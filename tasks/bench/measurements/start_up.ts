import type { Client, ClientRun } from "../clients/client.ts";
import { measureInTurn, type Measurement, NOTHING } from "../measurement.ts";
import { runPinned } from "../pinned.ts";
import { SMALL_MODEL } from "../servers/answers.ts";
import { taskCommand } from "../task_command.ts";

const GROUP = "from start to end of the command";

/** How long the command takes that has next to nothing to do. */
export const startUp: Measurement = async (bench) => {
  if (bench.sink === null) return NOTHING;
  await using server = await bench.sink(0);
  const one = ["--requests", "1", "--warmup", "1", "--protocol", "kserve-v2"];
  const clients = [
    command("--version", ["--version"]),
    command("one request", [...one, "--model", SMALL_MODEL, "--url", server.url]),
  ];
  const job = { url: server.url, model: SMALL_MODEL, batchSize: 1, connections: 1 };
  const rows = [...await measureInTurn(bench, GROUP, clients, job)].map(([{ name }, runs]) => ({
    group: GROUP,
    client: name,
    rounds: { cpuUs: runs.map(({ cpuMs }) => 1000 * cpuMs), p50Ms: runs.map(({ seconds }) => 1000 * seconds) },
  }));
  return { rows, bars: [] };
};

function command(name: string, args: readonly string[]): Client {
  return {
    name,
    async measure(): Promise<ClientRun> {
      const { seconds, cpuMs } = await runPinned(taskCommand("basic", args));
      return { requests: 1, seconds, cpuMs };
    },
  };
}
