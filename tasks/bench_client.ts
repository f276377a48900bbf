/**
 * How much CPU the client spends on one request of 4 KB: sending, receiving and judging, against a server in another
 * process that does nothing. `deno run -A tasks/bench_client.ts`
 *
 * The gate of the project is 150 us. What is printed is the median of several runs, since other work on the machine
 * disturbs single ones.
 */
import process from "node:process";
import type { ModelInput } from "../src/core/model_input.ts";
import type { WireResponse } from "../src/core/transport.ts";
import { createRequestPool } from "../src/load/request_pool.ts";
import { judgePrediction } from "../src/protocols/torch_inference/judge.ts";
import { encodePrediction } from "../src/protocols/torch_inference/encode.ts";
import { openTransport } from "../src/wire/open_transport.ts";

const BUDGET_US = 150;
const RUNS = 9;
const REQUESTS_PER_RUN = 2000;
const BODY_BYTES = 4096;

const NULL_SERVER = `
const answer = JSON.stringify({
  success: true,
  result: { class: 1, score: 0.5 },
  processing_time: 0.001,
  model_info: { model: "null", device: "cpu", input_type: "text", input_count: 1 },
});
const headers = { "content-type": "application/json" };
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, async (request) => {
  await request.arrayBuffer();
  return new Response(answer, { headers });
});`;

/** Sends one request after another and judges each answer. */
function closedLoop(url: string): { run(requests: number): Promise<void>; close(): Promise<void> } {
  const transport = openTransport(url);
  const lane = transport.openLane();
  const input: ModelInput = { kind: "text", text: "x".repeat(BODY_BYTES - '{"inputs":""}'.length) };
  const encode = (model: string, inputs: readonly ModelInput[]) => encodePrediction(model, inputs, "bare");
  const request = createRequestPool({ encode }, "null", [input], { batchSize: 1 }).next();
  const asked = { model: "null", predictions: 1, allowNullResults: false };
  const run = (requests: number) =>
    new Promise<void>((resolve, reject) => {
      let left = requests;
      const observer = {
        onFirstByte() {},
        onResponse(response: WireResponse) {
          const verdict = judgePrediction(response, asked);
          if (verdict.kind === "failure") reject(new Error(verdict.message));
          else if (--left > 0) lane.send(request, 30_000, observer);
          else resolve();
        },
        onFailure: (_: string, message: string) => reject(new Error(message)),
        onCancelled: () => reject(new Error("cancelled")),
      };
      lane.send(request, 30_000, observer);
    });
  return { run, close: () => transport.close() };
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream) {
    text += new TextDecoder().decode(chunk);
    if (text.includes("\n")) break;
  }
  return text.trim();
}

/** Median CPU and wall time of one request, us. */
async function measure(url: string): Promise<{ cpuUs: number; wallUs: number }> {
  const loop = closedLoop(url);
  await loop.run(2 * REQUESTS_PER_RUN);
  const cpuUs: number[] = [], wallUs: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const cpuBefore = process.cpuUsage(), wallBefore = performance.now();
    await loop.run(REQUESTS_PER_RUN);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuUs.push((user + system) / REQUESTS_PER_RUN);
    wallUs.push((performance.now() - wallBefore) * 1000 / REQUESTS_PER_RUN);
  }
  await loop.close();
  const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;
  return { cpuUs: median(cpuUs), wallUs: median(wallUs) };
}

if (import.meta.main) {
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-config",
      "--allow-net=127.0.0.1",
      `data:application/javascript,${encodeURIComponent(NULL_SERVER)}`,
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  try {
    const { cpuUs, wallUs } = await measure(`http://127.0.0.1:${await firstLine(server.stdout)}`);
    const verdict = cpuUs <= BUDGET_US ? "within" : "over";
    // deno-lint-ignore no-console
    console.log(
      `${
        cpuUs.toFixed(0)
      } us of client CPU per request of ${BODY_BYTES} bytes (${verdict} the budget of ${BUDGET_US} us), ` +
        `${wallUs.toFixed(0)} us from send to send, median of ${RUNS} runs of ${REQUESTS_PER_RUN}`,
    );
    if (cpuUs > BUDGET_US) Deno.exitCode = 1;
  } finally {
    server.kill();
    await server.status;
  }
}
