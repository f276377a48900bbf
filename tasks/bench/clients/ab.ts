import { runPinned } from "../pinned.ts";
import type { BodyFiles } from "./body_file.ts";
import type { Client, ClientRun } from "./client.ts";

/** More than it sends in the time that it has; it keeps a record of each. */
const MOST_REQUESTS = 3_000_000;

/**
 * ab of Apache: C, HTTP/1.0.
 *
 * @param bodies Where its bodies are.
 */
export function ab(bodies: BodyFiles): Client {
  return {
    name: "ab",
    async measure(job) {
      const { path, headers: [, type, ...others], bodyFile } = await bodies.of(job);
      const { stdout, cpuMs } = await runPinned([
        // The number stands behind the time, which sets it to 50,000.
        ...["ab", "-q", "-k", "-t", String(job.seconds), "-n", String(MOST_REQUESTS), "-c", String(job.connections)],
        ...["-p", bodyFile, "-T", type!, "-H", `${others[0]}: ${others[1]}`, job.url + path],
      ]);
      return { ...parseAb(stdout), cpuMs };
    },
  };
}

/**
 * What ab measured.
 *
 * @param output Its summary.
 * @throws {RangeError} If a number is missing or requests failed.
 */
export function parseAb(output: string): Omit<ClientRun, "cpuMs"> {
  const number = (label: string) => Number(new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(output)?.[1] ?? NaN);
  const [requests, seconds] = [number("Complete requests"), number("Time taken for tests")];
  if (!(seconds > 0 && requests > 0)) {
    throw new RangeError(`Cannot read ab's output as it must have a summary: found ${output}`);
  }
  if (number("Failed requests") !== 0 || output.includes("Non-2xx")) {
    throw new RangeError("Cannot compare with ab as every request must succeed: some failed");
  }
  return { requests, seconds };
}
