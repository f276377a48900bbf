/**
 * How late an open loop sends and how much CPU time it takes, against a server in another process that answers after
 * 5 ms. Also `deno run -A tasks/bench/pacing.ts`.
 *
 * @module
 */
import process from "node:process";
import { seededRandom } from "../../src/core/random.ts";
import { poissonArrivals } from "../../src/load/arrivals.ts";
import { runOpenLoop } from "../../src/load/open_loop.ts";
import { encodePrediction } from "../../src/protocols/torch_inference/encode.ts";
import { judgePrediction } from "../../src/protocols/torch_inference/judge.ts";
import { ascending } from "../../src/stats/estimates/ascending.ts";
import { quantile } from "../../src/stats/estimates/quantile.ts";
import { openTransport } from "../../src/wire/open_transport.ts";

/** What pacing was like. */
export interface Pacing {
  /** Requests that were sent. */
  readonly requests: number;
  /** From due to sent, ms. */
  readonly medianLatenessMs: number;
  /** The same of the hundredth that is latest, ms. */
  readonly p99LatenessMs: number;
  /** The same of a thread that only sleeps until these moments, right afterwards, ms: what the machine allows. */
  readonly asleepP99LatenessMs: number;
  /** CPU time of the client, all of it, as a share of one core. */
  readonly cpuShare: number;
}

const SERVER = `
const answer = JSON.stringify({
  success: true,
  result: { class: 1, score: 0.5 },
  processing_time: 0.005,
  model_info: { model: "null", device: "cpu", input_type: "text", input_count: 1 },
});
const init = { headers: { "content-type": "application/json" } };
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, async (request) => {
  await request.arrayBuffer();
  await new Promise((resolve) => setTimeout(resolve, 5));
  return new Response(answer, init);
});`;

const ASLEEP = `
self.onmessage = ({ data: dueMs }) => {
  const begunMs = performance.now(), nobody = new Int32Array(new SharedArrayBuffer(4));
  self.postMessage(dueMs.map((due) => {
    const waitMs = begunMs + due - performance.now();
    if (waitMs > 0) Atomics.wait(nobody, 0, 0, waitMs);
    return performance.now() - begunMs - due;
  }));
};`;

/**
 * Measures Poisson arrivals.
 *
 * @param ratePerSecond Arrivals per second.
 * @param durationMs Length, ms.
 */
export async function measurePacing(ratePerSecond: number = 1000, durationMs: number = 5000): Promise<Pacing> {
  const server = new Deno.Command(Deno.execPath(), { args: ["eval", SERVER], stdout: "piped" }).spawn();
  try {
    const { value } = await server.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
    return await paced(`http://127.0.0.1:${Number(value)}`, ratePerSecond, durationMs);
  } finally {
    server.kill();
    await server.status;
  }
}

async function paced(url: string, ratePerSecond: number, durationMs: number): Promise<Pacing> {
  await using transport = openTransport(url);
  const request = encodePrediction("null", [{ kind: "text", text: "x".repeat(1000) }], "bare");
  const arrivals = poissonArrivals(ratePerSecond, () => seededRandom(1));
  const load = (durationMs: number) =>
    runOpenLoop({
      transport,
      protocol: { judge: judgePrediction },
      pool: { next: () => request, release() {} },
      asked: { model: "null", predictions: 1, allowNullResults: false },
      arrivals,
      maxLanes: 256,
      timeoutMs: 10_000,
      warmUpRequests: 0,
      durationMs,
    });
  await load(durationMs / 5);
  const cpuBefore = process.cpuUsage(), wallBefore = performance.now();
  const { samples } = await load(durationMs);
  const { user, system } = process.cpuUsage(cpuBefore);
  const wallMs = performance.now() - wallBefore;
  const lateMs = Array.from({ length: samples.length }, (_, i) => samples.sentAt(i) - samples.scheduledAt(i));
  const asleepMs = await asleep(Array.from({ length: samples.length }, (_, i) => samples.scheduledAt(i)));
  return {
    requests: samples.length,
    medianLatenessMs: quantile(ascending(lateMs), 0.5),
    p99LatenessMs: quantile(ascending(lateMs), 0.99),
    asleepP99LatenessMs: quantile(ascending(asleepMs), 0.99),
    cpuShare: (user + system) / 1000 / wallMs,
  };
}

/** How late a thread is that only sleeps until these moments, ms. */
async function asleep(dueMs: readonly number[]): Promise<number[]> {
  const thread = new Worker(`data:text/javascript,${encodeURIComponent(ASLEEP)}`, { type: "module" });
  try {
    return await new Promise((resolve) => {
      thread.onmessage = ({ data }) => resolve(data);
      thread.postMessage(dueMs);
    });
  } finally {
    thread.terminate();
  }
}

if (import.meta.main) {
  const { requests, medianLatenessMs, p99LatenessMs, asleepP99LatenessMs, cpuShare } = await measurePacing();
  // deno-lint-ignore no-console
  console.log(
    `${requests} requests at 1000/s: late by ${medianLatenessMs.toFixed(3)} ms in the median, ` +
      `${p99LatenessMs.toFixed(3)} ms at p99 (a thread that only sleeps ${asleepP99LatenessMs.toFixed(3)} ms); ${
        Math.round(100 * cpuShare)
      } % of a core`,
  );
}
