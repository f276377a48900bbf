import { atMost } from "../bar.ts";
import { type Measurement, NOTHING } from "../measurement.ts";
import { runPinned } from "../pinned.ts";
import type { Row } from "../row.ts";
import { SMALL_MODEL } from "../servers/answers.ts";
import { taskCommand } from "../task_command.ts";

const FEW = 50_000;
const MANY = { full: 5_000_000, quick: 500_000 };
const CLIENT = "basic test";

/** Resident memory of the command after few and after many requests, once each: it takes minutes. */
export const memory: Measurement = async (bench) => {
  if (bench.sink === null) return NOTHING;
  await using server = await bench.sink(0);
  const many = bench.quick ? MANY.quick : MANY.full;
  const rows: Row[] = [];
  const sizes: number[] = [];
  for (const requests of [FEW, many]) {
    const group = `memory after ${shown(requests)} requests`;
    bench.say(group);
    const rssMb = await memoryOf(taskCommand("basic", [
      ...["--url", server.url, "--protocol", "kserve-v2", "--model", SMALL_MODEL, "--concurrency", "32"],
      ...["--requests", String(requests), "--duration", "3600", "--output", `${bench.folder}/basic.json`],
    ])) / 1e6;
    sizes.push(rssMb);
    rows.push({ group, client: CLIENT, rounds: { rssMb: [rssMb] } });
  }
  const name = `MB of memory after ${shown(many)} requests above ${shown(FEW)}`;
  return { rows, bars: [atMost(name, sizes[1]! - sizes[0]!, 30)] };
};

function shown(requests: number): string {
  return requests.toLocaleString("en-US");
}

/** A shell may look at the processes of its user, which this one needs all permissions for. */
const WATCH = `
"$0" "$@" > /dev/null & pid=$!
while kill -0 $pid; do
  while read -r key value _; do [[ $key == VmRSS: ]] && rss=$value; done < /proc/$pid/status
  sleep 0.2
done 2> /dev/null
wait $pid || exit
echo $rss`;

/** Resident memory of a command when it was last seen, up to 0.2 s before its end, bytes. */
async function memoryOf(command: readonly string[]): Promise<number> {
  return 1024 * Number((await runPinned(["bash", "-c", WATCH, ...command])).stdout);
}
