import { atMost } from "../bar.ts";
import { ownClient } from "../clients/own_client.ts";
import { type Measurement, NOTHING } from "../measurement.ts";
import type { Row } from "../row.ts";
import { SMALL_MODEL } from "../servers/answers.ts";

const FEW = 50_000;
const MANY = { full: 5_000_000, quick: 500_000 };

/** Resident memory of a closed loop after few and after many requests, once each: it takes minutes. */
export const memory: Measurement = async (bench) => {
  if (bench.sink === null) return NOTHING;
  await using server = await bench.sink(0);
  const many = bench.quick ? MANY.quick : MANY.full;
  const job = { url: server.url, model: SMALL_MODEL, batchSize: 1, connections: 32, seconds: bench.seconds };
  const rows: Row[] = [];
  const sizes: number[] = [];
  for (const requests of [FEW, many]) {
    const group = `memory after ${shown(requests)} requests`;
    bench.say(group);
    const run = await ownClient("end to end", { kind: "end to end", requests }).measure(job);
    const rssMb = run.rssBytes! / 1e6;
    sizes.push(rssMb);
    const rounds = { requestsPerSecond: [run.requests / run.seconds], rssMb: [rssMb] };
    rows.push({ group, client: "end to end", rounds });
  }
  const name = `memory: MB after ${many.toLocaleString("en-US")} requests above those after ${
    FEW.toLocaleString("en-US")
  }`;
  return { rows, bars: [atMost(name, sizes[1]! - sizes[0]!, 30)] };
};

function shown(requests: number): string {
  return requests.toLocaleString("en-US");
}
