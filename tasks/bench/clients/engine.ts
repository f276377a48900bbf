import type { Target } from "../../../src/core/target.ts";
import type { Transport } from "../../../src/core/transport.ts";
import type { LoadRun } from "../../../src/load/load_run.ts";
import type { RunPlan } from "../../../src/load/run_plan.ts";
import type { RequestPool } from "../../../src/load/requests/request_pool.ts";
import { RunRequests } from "../../../src/load/requests/run_requests.ts";
import { connect } from "../../../src/protocols/connect.ts";
import type { Job } from "./client.ts";

/** The engine of a test, ready to run. */
export interface Engine extends AsyncDisposable {
  /** Its requests. */
  readonly pool: RequestPool;
  /** What it runs; only how requests are issued is missing. */
  plan(durationMs: number): RunPlan;
  /** How many requests were counted since the plan was made. */
  counted(): number;
}

const TIMEOUT_MS = 30_000;

/**
 * What a test of torchgauge does with every request: a made input, a validated answer, a recorded sample.
 *
 * @param job Where to and what.
 */
export async function openEngine({ url, model, protocol = "kserve-v2", batchSize }: Job): Promise<Engine> {
  const target: Target = await connect(url, { model, protocol });
  const transport: Transport = target.openTransport();
  const requests = new RunRequests({ protocol: target.protocol, model, spec: target.description.input, seed: 1 });
  await requests.prepare([batchSize]);
  const pool = requests.pool(batchSize);
  let counted = 0;
  return {
    pool,
    plan(durationMs) {
      counted = 0;
      return {
        transport,
        protocol: target.protocol,
        pool,
        asked: { model, predictions: batchSize, allowNullResults: false },
        timeoutMs: TIMEOUT_MS,
        warmUpRequests: 0,
        durationMs,
        onCounted: (requests) => counted = requests,
      };
    },
    counted: () => counted,
    async [Symbol.asyncDispose]() {
      await transport.close();
      await target.close();
    },
  };
}

/**
 * Refuses a run in which something failed.
 *
 * @throws {Error} With the first failure's words.
 */
export function mustSucceed({ failureExamples }: LoadRun): void {
  const [message] = Object.values(failureExamples);
  if (message !== undefined) throw new Error(`Cannot measure as every request must succeed: ${message}`);
}
