import process from "node:process";
import { ascending } from "../../../src/stats/estimates/ascending.ts";
import { quantile } from "../../../src/stats/estimates/quantile.ts";
import type { ClientRun } from "./client.ts";

/** Requests of so long are not counted: code is compiled, on the one core that a client has, and connections are made, ms. */
export const WARM_UP_MS = 2000;

/**
 * Starts to count the CPU time of this process.
 *
 * @returns Gives the time and the CPU time since then.
 */
export function startMeter(): () => Pick<ClientRun, "seconds" | "cpuMs"> {
  const startedAt = performance.now();
  const startedCpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(startedCpu);
    return { seconds: (performance.now() - startedAt) / 1000, cpuMs: (user + system) / 1000 };
  };
}

/**
 * Runs loops and counts what they do after a warm-up. It begins and ends with the end of a request: of long ones a time
 * would hold no whole number.
 *
 * @param seconds How long is counted, or until a request ends.
 * @param count How many loops.
 * @param loop One of them. It tells when an answered request was sent, and is told whether to go on.
 */
export async function metered(
  seconds: number,
  count: number,
  loop: (answered: (sentAt: number) => boolean) => Promise<void>,
): Promise<ClientRun> {
  const warmAt = performance.now() + WARM_UP_MS;
  const latenciesMs: number[] = [];
  let endAt = Infinity;
  let read: ReturnType<typeof startMeter> | undefined;
  let spent: ReturnType<ReturnType<typeof startMeter>> | undefined;
  const answered = (sentAt: number): boolean => {
    const now = performance.now();
    if (read === undefined) {
      if (now < warmAt) return true;
      read = startMeter();
      endAt = performance.now() + 1000 * seconds;
      return true;
    }
    if (spent !== undefined) return false;
    latenciesMs.push(now - sentAt);
    if (now >= endAt) spent = read();
    return spent === undefined;
  };
  await Promise.all(Array.from({ length: count }, () => loop(answered)));
  return { requests: latenciesMs.length, ...spent!, p50Ms: quantile(ascending(latenciesMs), 0.5) };
}
