/**
 * Whether torchgauge and another client agree: throughput and latency of both against one server of the Open Inference
 * Protocol, with the same requests, alternately: `deno task dev:bench:agreement --help`.
 *
 * The other client is NVIDIA's perf_analyzer; where that does not run, or cannot talk to the server, wrk and locust.
 * All of them get torchgauge's own request bodies, raw tensors included. What is fetched stays in the user's cache folder.
 *
 * What is known to differ, measured with bodies of 49 KB and one request outstanding against a server that answers at
 * once; it is 3 % where latencies are below 2.5 ms, and lost in them where they are longer (a fixed 20 ms: 0.5 %):
 * - perf_analyzer's median is 0.07 ms above torchgauge's (0.22 and 0.15 ms). Its libcurl sends head and body by two
 *   system calls, torchgauge by one (seen by strace), so that the server has to wake and read once more: it spends 0.16
 *   instead of 0.09 ms of CPU time a request.
 * - wrk's median is 0.07 ms below torchgauge's (0.08 ms): the price of an event loop in JavaScript instead of C.
 * - locust's median is above: Python's own work is part of it.
 *
 * A server that batches what waits answers a handful of clients in a rhythm that depends on which of them is late by how
 * little: with 4 requests outstanding against such a Triton the medians of the two clients differed by 10 % (36 and 41 ms),
 * and by nothing (ratio 1.000) with `--no-batching`.
 *
 * Windows differ, too: torchgauge warms up before its window and cuts what transient is left, locust leaves out its first
 * second, and the others count from their first request.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { connect, runBasicTest, type Target, UsageError } from "../mod.ts";
import type { WireRequest } from "../src/core/transport.ts";
import { RunRequests } from "../src/load/requests/run_requests.ts";
import { alignColumns } from "../src/report/text/align.ts";
import { agreementOf, type FiguresPair, rateVerdict } from "./agreement/agreement.ts";
import { locust } from "./agreement/locust.ts";
import { FIGURES, type Figures, type Load, MissingToolError, type Peer } from "./agreement/peer.ts";
import { perfAnalyzer } from "./agreement/perf_analyzer.ts";
import { compareStreams, STREAM_SERVERS, type StreamComparison } from "./agreement/streams/compare_streams.ts";
import { type ServerName, type ServerPlan, SERVERS, startServer } from "./agreement/servers.ts";
import { wrk } from "./agreement/wrk.ts";

const HELP = `deno task dev:bench:agreement [options]

  --server NAME      triton, pytorch (a plain server with aiohttp) or embedded (default: triton)
  --model NAME       model of that server (default: ${SERVERS.triton} of Triton, ${SERVERS.embedded} of the embedded
                     server)
  --images           images of 3x224x224 FP32 in batches of 1, 4, 16 and 64, one request outstanding, on the plain
                     server and on Triton: whether torchgauge reaches the other's rate at each
  --streams          streamed answers beside AIPerf and vllm bench serve, by --server vllm (3.5 GB) or llama, the embedded
                     language model, with --requests N a run (default 40) in place of --seconds
  --pairs N          windows of each tool at each load (default 5)
  --seconds N        length of a window (default 12)
  --no-batching      Triton serves each request by itself, to tell its batching from the clients
  --concurrency a,b  requests outstanding (default 1,4,16)
  --batch-sizes a,b  items in a request (default 1)

Exit codes: 0 measured, whatever the verdicts; 2 wrong usage; 3 something must be installed.
`;
const SEED = 1;
const WARM_UP_MS = 2000;
/** More than a window ever holds, and as many as a test takes. */
const MOST_REQUESTS = 10_000_000;
/** Different items that are sent; other clients are given all of them in a file. */
const ITEMS = 64;
const IMAGES = { model: "image", batchSizes: [1, 4, 16, 64], concurrencies: [1] } as const;

interface Options {
  readonly streams: StreamComparison | null;
  readonly plans: readonly ServerPlan[];
  readonly pairs: number;
  readonly seconds: number;
  readonly concurrencies: readonly number[];
  readonly batchSizes: readonly number[];
}

function readOptions(args: readonly string[]): Options | string {
  const given = parseArgs([...args], {
    string: ["server", "model", "requests", "pairs", "seconds", "concurrency", "batch-sizes"],
    boolean: ["help", "no-batching", "images", "streams"],
    default: { requests: "40", pairs: "5", seconds: "12", concurrency: "1,4,16", "batch-sizes": "1" },
    unknown: (argument) => {
      throw new UsageError(`Cannot compare as --help must name the option: found "${argument}"`);
    },
  });
  if (given.help) return HELP;
  const [concurrencies, batchSizes] = [given.concurrency, given["batch-sizes"]].map((list) =>
    list.split(",").map(Number)
  ) as [number[], number[]];
  const [pairs, seconds, requests] = [given.pairs, given.seconds, given.requests].map(Number) as [
    number,
    number,
    number,
  ];
  if (
    ![pairs, seconds, requests, ...concurrencies, ...batchSizes].every((number) =>
      Number.isSafeInteger(number) && number > 0
    )
  ) {
    throw new UsageError(
      "Cannot compare as --pairs, --seconds, --requests, --concurrency and --batch-sizes must be whole numbers > 0",
    );
  }
  const dynamicBatching = !given["no-batching"];
  const rest = { pairs, seconds, concurrencies, batchSizes };
  if (given.streams) {
    const server = oneOf(STREAM_SERVERS, given.server ?? "vllm");
    return { ...rest, plans: [], streams: { server, pairs, concurrencies, requests } };
  }
  if (given.images) {
    const plans = (["pytorch", "triton"] as const).map((server) => ({ server, model: IMAGES.model, dynamicBatching }));
    return { ...rest, plans, streams: null, ...IMAGES };
  }
  const server: ServerName = oneOf(SERVERS, given.server ?? "triton");
  const plans = [{ server, model: given.model ?? SERVERS[server], dynamicBatching }];
  return { ...rest, plans, streams: null };
}

function oneOf<Name extends string>(servers: Readonly<Record<Name, string>>, given: string): Name {
  const names = Object.keys(servers) as Name[];
  const found = names.find((name) => name === given);
  if (found !== undefined) return found;
  throw new UsageError(`Cannot compare as --server must be ${names.join(" or ")}: found "${given}"`);
}

/** perf_analyzer, or two others and why. */
async function choosePeers(url: string, model: string): Promise<{ readonly peers: Peer[]; readonly reason?: string }> {
  const config = `/v2/models/${model}/config`;
  const response = await fetch(url + config);
  await response.body?.cancel();
  let reason = `perf_analyzer needs the model's configuration, and GET ${config} answers status ${response.status}`;
  if (response.ok) {
    try {
      return { peers: [await perfAnalyzer()] };
    } catch (error) {
      if (!(error instanceof MissingToolError)) throw error;
      reason = error.message;
    }
  }
  return { peers: [await wrk(), await locust(say)], reason };
}

async function measureOwn(
  target: Target,
  { batchSize, concurrency }: Pick<Load, "batchSize" | "concurrency">,
  durationMs: number,
): Promise<Figures> {
  // So many requests are never reached: they keep the run from ending as soon as it is precise.
  const bounds = { durationMs, requests: MOST_REQUESTS, seed: SEED, repeatInputs: true };
  const { failed, failureExamples, requestsPerSecond, latencyMs } = await runBasicTest(target, {
    ...bounds,
    batchSize,
    concurrency,
  });
  if (failed > 0 || requestsPerSecond === null || latencyMs === null) {
    throw new Error(
      `Cannot compare as every request must succeed: ${failed} failed, ${JSON.stringify(failureExamples)}`,
    );
  }
  const { p50, p95, p99 } = latencyMs;
  return { requestsPerSecond: requestsPerSecond.value, p50Ms: p50.value, p95Ms: p95.value, p99Ms: p99.value };
}

/** Measures in the order ABBA, and so on: what drifts meets all tools alike. */
async function measurePairs(target: Target, peers: readonly Peer[], load: Load, pairs: number) {
  const { batchSize, concurrency, seconds } = load;
  const own: Peer = {
    name: "torchgauge",
    note: "",
    measure: () => measureOwn(target, load, 1000 * seconds),
  };
  await measureOwn(target, load, WARM_UP_MS);
  const rounds: Map<Peer, Figures>[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? [own, ...peers] : [...peers.toReversed(), own];
    const round = new Map<Peer, Figures>();
    for (const tool of order) {
      say(`batch ${batchSize}, concurrency ${concurrency}, pair ${pair + 1} of ${pairs}: ${tool.name}`);
      round.set(tool, await tool.measure(load));
    }
    rounds.push(round);
  }
  return peers.map((peer) => ({
    peer,
    pairs: rounds.map((round): FiguresPair => ({ own: round.get(own)!, peer: round.get(peer)! })),
  }));
}

const TITLES: Readonly<Record<keyof Figures, string>> = {
  requestsPerSecond: "requests/s",
  p50Ms: "p50 ms",
  p95Ms: "p95 ms",
  p99Ms: "p99 ms",
};
const HEAD = ["batch x conc.", "figure", "torchgauge", "other", "ratio", "90 % interval", "verdict"];

function rowsOf({ batchSize, concurrency }: Load, pairs: readonly FiguresPair[]): string[][] {
  return FIGURES.map((figure) => {
    const { own, peer, ratio: { value, low, high }, verdict } = agreementOf(pairs, figure);
    const interval = low === null || high === null ? "" : `${low.toFixed(3)} to ${high.toFixed(3)}`;
    return [
      `${batchSize} x ${concurrency}`,
      TITLES[figure],
      own.toFixed(2),
      peer.toFixed(2),
      value.toFixed(3),
      interval,
      verdict,
    ];
  });
}

async function compare(plan: ServerPlan, options: Omit<Options, "plans" | "streams">): Promise<string[]> {
  const { pairs, seconds, concurrencies, batchSizes } = options;
  await using server = await startServer(plan);
  const { peers, reason } = await choosePeers(server.url, plan.model);
  await using target = await connect(server.url, { model: plan.model, protocol: "kserve-v2" });
  const rows = new Map(peers.map((peer) => [peer, [HEAD]]));
  const rates = new Map<Peer, string[]>(peers.map((peer) => [peer, []]));
  for (const batchSize of batchSizes) {
    const requests = await requestsOf(target, batchSize);
    for (const concurrency of concurrencies) {
      const load: Load = { url: server.url, model: target.model, requests, batchSize, concurrency, seconds };
      for (const { peer, pairs: measured } of await measurePairs(target, peers, load, pairs)) {
        rows.get(peer)!.push(...rowsOf(load, measured));
        rates.get(peer)!.push(`batch ${batchSize} x ${concurrency}: ${rateVerdict(measured)}`);
      }
    }
  }
  return [
    `${plan.model} on ${plan.server}, requests in turn, the same of all tools; ` +
    `${pairs} windows of ${seconds} s each, alternately; medians, ratio torchgauge / other`,
    ...reason === undefined ? [] : [`Not with perf_analyzer: ${reason}`],
    ...[...rows].flatMap(([peer, cells]) => [
      "",
      `other = ${peer.name}: ${peer.note}`,
      ...alignColumns(spaced(cells), ["right", "left", "right", "right", "right", "right", "left"]),
      "",
      `Does torchgauge reach the rate of ${peer.name}?`,
      ...rates.get(peer)!,
    ]),
  ];
}

async function requestsOf({ protocol, model, description }: Target, batchSize: number): Promise<WireRequest[]> {
  const sent = new RunRequests({ protocol, model, spec: description.input, seed: SEED, repeat: true });
  await sent.prepare([batchSize]);
  const pool = sent.pool(batchSize);
  return Array.from({ length: Math.max(1, Math.min(pool.size, ITEMS / batchSize)) }, () => pool.next());
}

/** Cells two spaces apart. */
function spaced(rows: readonly (readonly string[])[]): string[][] {
  return rows.map((row) => row.map((cell, column) => column === 0 ? cell : ` ${cell}`));
}

function print(lines: readonly string[]): void {
  // deno-lint-ignore no-console -- this is a command
  console.log(lines.join("\n"));
}

function say(line: string): void {
  // deno-lint-ignore no-console -- this is a command
  console.error(line);
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (typeof options === "string") print([options]);
    else if (options.streams !== null) await compareStreams(options.streams, say, print);
    else for (const plan of options.plans) print([...await compare(plan, options), ""]);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof MissingToolError)) throw error;
    say(error.message);
    return error instanceof MissingToolError ? 3 : 2;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
