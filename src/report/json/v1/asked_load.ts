import type { ArrivalPattern, ArrivalShape, ClosedLoad, OpenLoad } from "../../../results/window/load.ts";

/** What version 1 took where the command did not say. */
const MAX_CONNECTIONS = 512;

/**
 * The value of an option in a command line of version 1, whose files keep what was asked for nowhere else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { optionIn } from "./asked_load.ts";
 *
 * assertEquals(optionIn("deno task basic -rate=50 -model x", "rate"), "50");
 * assertEquals(optionIn("deno task basic", "rate"), undefined);
 * ```
 *
 * @param command The command line.
 * @param name Of the option, without dashes.
 * @returns `undefined` where the option is not given.
 */
export function optionIn(command: string, name: string): string | undefined {
  const words = command.split(/[\s=]+/);
  const at = words.findLastIndex((word) => word.startsWith("-") && word.replace(/^-+/, "") === name);
  return at < 0 ? undefined : words[at + 1];
}

/**
 * A closed loop.
 *
 * @param concurrency Requests outstanding.
 * @param batchSize Items per request.
 */
export function closedLoad(concurrency: unknown, batchSize: unknown): ClosedLoad {
  return { kind: "closed", concurrency: concurrency as number, batchSize: batchSize as number };
}

/**
 * A closed loop in which a batch size was offered: in one request, or where the server made batches, in as many requests.
 *
 * @param outstanding Requests outstanding; of a server that made batches, single ones.
 * @param batchSize Items of a batch.
 * @param byServer Whether the server made the batches.
 */
export function batchLoad(outstanding: unknown, batchSize: unknown, byServer: boolean): ClosedLoad {
  return byServer
    ? { ...closedLoad(outstanding, 1), serverBatchSize: batchSize as number }
    : closedLoad(outstanding, batchSize);
}

/**
 * An open loop at the rate that the command asked for; where it did not say, at the offered rate in the two digits in
 * which version 1 chose its rates.
 *
 * @param command The command line.
 * @param offeredPerSecond What was offered, requests per second.
 * @param batchSize Items per request.
 */
export function basicOpenLoad(command: string, offeredPerSecond: unknown, batchSize: unknown): OpenLoad {
  const asked = Number(optionIn(command, "rate"));
  const size = Number(optionIn(command, "burst") ?? 1);
  const kind = optionIn(command, "arrivals") === "constant" ? "constant" : "poisson";
  const ratePerSecond = asked > 0 ? asked : twoDigits(offeredPerSecond);
  const arrivals: ArrivalPattern = size > 1 ? { kind: "bursts", ratePerSecond, size } : { kind, ratePerSecond };
  return openLoad(command, arrivals, batchSize);
}

/**
 * An open loop of a load test, whose file names the kind of arrivals.
 *
 * @param command The command line.
 * @param arrivals As version 1 called them.
 * @param offeredPerSecond What was offered, requests per second.
 * @param batchSize Items per request.
 */
export function offeredLoad(
  command: string,
  arrivals: unknown,
  offeredPerSecond: unknown,
  batchSize: unknown,
): OpenLoad {
  const ratePerSecond = rateAsked(command, Number(offeredPerSecond));
  const shape = shapeInWords(arrivals);
  const pattern = shape.kind === "ramp" || shape.kind === "trace" ? shape : { ...shape, ratePerSecond };
  return openLoad(command, pattern, batchSize);
}

/**
 * What version 1 called arrivals, as data.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shapeInWords } from "./asked_load.ts";
 *
 * assertEquals(shapeInWords("ramp 5/s to 50/s"), { kind: "ramp", fromPerSecond: 5, toPerSecond: 50 });
 * ```
 *
 * @param arrivals `poisson`, `constant`, `bursts of 10`, `ramp 5/s to 50/s`, `trace of 80 requests`.
 */
export function shapeInWords(arrivals: unknown): ArrivalShape {
  const [kind, ...words] = String(arrivals).split(" ");
  const numbers = words.map(Number.parseFloat).filter(Number.isFinite);
  switch (kind) {
    case "bursts":
      return { kind, size: numbers[0]! };
    case "ramp":
      return { kind, fromPerSecond: numbers[0]!, toPerSecond: numbers[1]! };
    case "trace":
      return { kind, requests: numbers[0]! };
    default:
      return { kind: kind === "constant" ? "constant" : "poisson" };
  }
}

/**
 * Most connections that a command of version 1 allowed.
 *
 * @param command The command line.
 */
export function maxConnectionsOf(command: string): number {
  return Number(optionIn(command, "max-connections") ?? MAX_CONNECTIONS);
}

/** Of the rates in the command the one that came out so; where it names none, version 1 chose them in two digits. */
function rateAsked(command: string, offeredPerSecond: number): number {
  const rates = (optionIn(command, "rates") ?? "").split(",").map(Number).filter((rate) => rate > 0);
  const distance = (rate: number) => Math.abs(rate - offeredPerSecond);
  return rates.toSorted((a, b) => distance(a) - distance(b))[0] ?? twoDigits(offeredPerSecond);
}

function openLoad(command: string, arrivals: ArrivalPattern, batchSize: unknown): OpenLoad {
  return { kind: "open", arrivals, maxConnections: maxConnectionsOf(command), batchSize: batchSize as number };
}

function twoDigits(rate: unknown): number {
  return Number(Number(rate).toPrecision(2));
}
