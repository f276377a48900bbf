import { loadResult } from "../../../src/cli/inputs/report_file.ts";
import { LEAST_SETS } from "../../../src/load/requests/request_pool.ts";
import { atLeast, atMost, type Bar } from "../bar.ts";
import { ownClient } from "../clients/own_client.ts";
import { type Bench, type Measurement, NOTHING } from "../measurement.ts";
import { runPinned } from "../pinned.ts";
import { median, ratioOf, type Row, valuesOf } from "../row.ts";
import { IMAGE_MODEL } from "../servers/answers.ts";
import { taskCommand } from "../task_command.ts";

const BATCH_SIZES = [1, 4, 16, 64] as const;
const SERVICE_US = 5000;
const OWN = "throughput test", BARE = "bare loop";

/** The throughput test against a server that answers 5 ms after each body, whatever its size. */
export const constantTime: Measurement = async (bench) => {
  if (bench.sink === null) return NOTHING;
  await using server = await bench.sink(SERVICE_US);
  const tests: TestRun[] = [];
  const bare: number[][] = [];
  for (let round = 0; round < bench.pairs; round++) {
    const measures = [
      async () => tests.push(await runTest(bench, server.url)),
      async () => bare.push(await runBare(bench, server.url)),
    ];
    bench.say(`5 ms a request, round ${round + 1} of ${bench.pairs}`);
    for (const measure of round % 2 === 0 ? measures : measures.toReversed()) await measure();
  }
  const rows = BATCH_SIZES.flatMap((batchSize, i): Row[] =>
    [{ client: OWN, rates: tests.map(({ rates }) => rates[i]!) }, {
      client: BARE,
      rates: bare.map((rates) => rates[i]!),
    }]
      .map(({ client, rates }) => ({ group: groupOf(batchSize), client, rounds: { requestsPerSecond: rates } }))
  );
  return { rows, bars: [...rateBars(rows), ...verdictBars(tests)] };
};

function rateBars(rows: readonly Row[]): Bar[] {
  return BATCH_SIZES.map((batchSize) => {
    const rates = (client: string) => valuesOf(rows, groupOf(batchSize), client, "requestsPerSecond");
    return atLeast(`${groupOf(batchSize)}: rate of ${OWN} / ${BARE}`, ratioOf(rates(OWN), rates(BARE)), 0.95);
  });
}

function verdictBars(tests: readonly TestRun[]): Bar[] {
  const [largest] = BATCH_SIZES.toReversed();
  return [
    atMost("5 ms a request: levels called client-limited", median(tests.map(({ limited }) => limited)), 0),
    atLeast("5 ms a request: optimal batch", median(tests.map(({ optimum }) => optimum ?? 0)), largest!),
  ];
}

/** By the command, as users do. */
async function runTest({ folder, seconds }: Bench, url: string): Promise<TestRun> {
  const results = `${folder}/throughput.json`;
  await runPinned([
    ...taskCommand("throughput", ["--url", url, "--protocol", "kserve-v2"]),
    ...["--model", IMAGE_MODEL, "--batch-sizes", BATCH_SIZES.join(",")],
    ...["--concurrency", "1", "--duration", String(seconds), "--output", results],
  ]);
  const result = (await loadResult(results)).tests.throughput!;
  return {
    rates: BATCH_SIZES.map((size) =>
      result.levels.find(({ batchSize }) => batchSize === size)?.requestsPerSecond?.value ?? NaN
    ),
    optimum: result.optimalBatchSize,
    limited: result.levels.filter(({ clientLimited }) => clientLimited).length,
  };
}

async function runBare({ seconds }: Bench, url: string): Promise<number[]> {
  // As many sets of items as the test's: those that are sent again and again stay in the processor's cache.
  const client = ownClient(BARE, { kind: "bare", whole: false, sets: LEAST_SETS });
  const rates: number[] = [];
  for (const batchSize of BATCH_SIZES) {
    const run = await client.measure({ url, model: IMAGE_MODEL, batchSize, connections: 1, seconds });
    rates.push(run.requests / run.seconds);
  }
  return rates;
}

/** What one throughput test said. */
interface TestRun {
  /** Requests per second at each batch size. */
  readonly rates: readonly number[];
  /** The batch size that it advises. */
  readonly optimum: number | null;
  /** Levels that it calls limited by the client. */
  readonly limited: number;
}

function groupOf(batchSize: number): string {
  return `5 ms a request, batch ${batchSize}`;
}
