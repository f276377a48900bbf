import { availableParallelism } from "node:os";
import { seededRandom } from "../../../src/core/random.ts";
import type { VirtualClock } from "../../load/virtual_clock.ts";
import type { ServerBehaviour } from "../server_behaviour.ts";
import { serviceTimeAt } from "../service_time.ts";

/** Who else uses the cores of the client, in bursts. */
export interface Neighbour {
  /** Length of a burst, ms. */
  readonly burstMs: number;
  /** Rest between two, ms on the mean: anything from half of it to one and a half. */
  readonly restMs: number;
}

/** Starts processes that burn every core of this machine in bursts, until they are disposed of. */
export function startNeighbour({ burstMs, restMs }: Neighbour): AsyncDisposable {
  // Whatever ends the calibration ends them: their input closes.
  const program = `Deno.stdin.read(new Uint8Array(1)).then(() => Deno.exit());
  for (;;) {
    const untilMs = performance.now() + ${burstMs};
    while (performance.now() < untilMs);
    await new Promise((resolve) => setTimeout(resolve, ${restMs} * (0.5 + Math.random())));
  }`;
  const children = Array.from({ length: availableParallelism() }, () =>
    new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-config", program],
      stdin: "piped",
      stdout: "null",
      stderr: "inherit",
    }).spawn());
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(async ({ stdin, status }) => {
        await stdin.close();
        await status;
      }));
    },
  };
}

/** Moments at which bursts begin, ms, in turn. */
function* bursts({ burstMs, restMs }: Neighbour, seed: number): Generator<number> {
  const random = seededRandom(Math.imul(seed, 0x27d4eb2f));
  for (let atMs = 0;; atMs += burstMs) yield atMs += restMs * (0.5 + random());
}

/** The same in virtual time: in a burst the client does nothing. */
export function disturb(clock: VirtualClock, neighbour: Neighbour, seed: number): void {
  const begin = bursts(neighbour, seed);
  const next = () => {
    clock.after(begin.next().value - clock.now(), () => {
      clock.work(neighbour.burstMs);
      next();
    });
  };
  next();
}

const SIMULATED_REQUESTS = 100_000, KEPT = 400;

/** By how much a client that sends one request after the other meets answers late, ms, as evenly spaced quantiles. */
export function neighbourLatenessesMs({ service }: ServerBehaviour, neighbour: Neighbour): number[] {
  const random = seededRandom(20_261_127);
  const begin = bursts(neighbour, 20_261_127);
  const latenesses: number[] = [];
  let atMs = 0, burstAtMs = begin.next().value as number;
  for (let i = 0; i < SIMULATED_REQUESTS; i++) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const endMs = atMs + serviceTimeAt(service, normal);
    while (burstAtMs + neighbour.burstMs <= endMs) burstAtMs = begin.next().value as number;
    atMs = burstAtMs < endMs ? burstAtMs + neighbour.burstMs : endMs;
    latenesses.push(atMs - endMs);
  }
  latenesses.sort((a, b) => a - b);
  return Array.from({ length: KEPT }, (_, i) => latenesses[Math.floor((i + 0.5) * SIMULATED_REQUESTS / KEPT)]!);
}
