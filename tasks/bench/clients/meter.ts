import process from "node:process";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import type { ClientRun } from "./client.ts";

/** Requests of so long are not counted: code is compiled and connections are made meanwhile, ms. */
export const WARM_UP_MS = 500;

/** Counts what a loop of this process does from its making on. */
export class Meter {
  readonly #startedAt = performance.now();
  readonly #startedCpu = process.cpuUsage();
  readonly #latenciesMs: number[] = [];

  /** A request was answered. */
  answered(latencyMs: number): void {
    this.#latenciesMs.push(latencyMs);
  }

  /** What was counted until now. */
  read(): ClientRun {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const { user, system } = process.cpuUsage(this.#startedCpu);
    const requests = this.#latenciesMs.length;
    return {
      requests,
      seconds,
      cpuMs: (user + system) / 1000,
      ...requests > 0 && { p50Ms: quantile(ascending(this.#latenciesMs), 0.5) },
    };
  }
}

/**
 * Runs loops that end when they are told, and counts what they do after a warm-up.
 *
 * @param seconds How long is counted.
 * @param count How many loops.
 * @param loop One of them: goes on while `meter()` is not `null`, and tells that of each request.
 */
export async function metered(
  seconds: number,
  count: number,
  loop: (meter: () => Meter | null) => Promise<void>,
): Promise<ClientRun> {
  let meter: Meter | null = new Meter();
  let run: ClientRun | undefined;
  const loops = Promise.all(Array.from({ length: count }, () => loop(() => meter)));
  const failed = loops.then(() => {
    if (run === undefined) throw new Error("Cannot measure as the loops must go on: they ended");
  });
  const sleep = (ms: number) => Promise.race([failed, new Promise((resolve) => setTimeout(resolve, ms))]);
  await sleep(WARM_UP_MS);
  const measured = meter = new Meter();
  await sleep(1000 * seconds);
  run = measured.read();
  meter = null;
  await loops;
  return run;
}
