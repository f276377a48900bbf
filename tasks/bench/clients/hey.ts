import { runPinned } from "../pinned.ts";
import type { BodyFiles } from "./body_file.ts";
import type { Client, ClientRun } from "./client.ts";

/**
 * hey: Go.
 *
 * @param bodies Where its bodies are.
 */
export function hey(bodies: BodyFiles): Client {
  return {
    name: "hey",
    async measure(job) {
      const { path, headers: [, type, ...others], bodyFile } = await bodies.of(job);
      const { stdout, cpuMs } = await runPinned([
        ...["hey", "-z", `${job.seconds}s`, "-c", String(job.connections), "-m", "POST", "-D", bodyFile],
        ...["-disable-compression", "-T", type!, "-H", `${others[0]}: ${others[1]}`, job.url + path],
      ]);
      return { ...parseHey(stdout), cpuMs };
    },
  };
}

/**
 * What hey measured.
 *
 * @param output Its summary.
 * @throws {RangeError} If a number is missing or requests failed.
 */
export function parseHey(output: string): Omit<ClientRun, "cpuMs"> {
  const seconds = Number(/^ +Total:\s+([\d.]+) secs/m.exec(output)?.[1]);
  const statuses = [...output.matchAll(/^ +\[(\d+)\]\s+(\d+) responses/gm)];
  const requests = statuses.reduce((sum, [, , count]) => sum + Number(count), 0);
  if (!(seconds > 0) || requests === 0) {
    throw new RangeError(`Cannot read hey's output as it must have a summary: found ${output}`);
  }
  if (statuses.some(([, status]) => status !== "200") || output.includes("Error distribution")) {
    throw new RangeError(`Cannot compare with hey as every request must succeed: ${output.trim().slice(-200)}`);
  }
  return { requests, seconds };
}
