import { fileURLToPath } from "node:url";
import { JSON_LENGTH_HEADER } from "../../../src/protocols/kserve_v2/encode.ts";
import { parseWrk as parseReplay } from "../../agreement/wrk.ts";
import { runPinned } from "../pinned.ts";
import type { BodyFiles } from "./body_file.ts";
import type { Client, ClientRun } from "./client.ts";

const SCRIPT = fileURLToPath(new URL("wrk.lua", import.meta.url));
const REPLAY = fileURLToPath(new URL("../../agreement/replay.lua", import.meta.url));
const LINE = /^torchgauge requests=(\d+) failed=(\d+) duration=(\d+) p50=(\d+)$/m;

/**
 * wrk: C, one thread here.
 *
 * @param bodies Where its bodies are.
 */
export function wrk(bodies: BodyFiles): Client {
  return {
    name: "wrk",
    async measure(job) {
      const { path, headers, bodyFile } = await bodies.of(job);
      const { stdout, cpuMs } = await runPinned([
        ...["wrk", "-t", "1", "-c", String(job.connections), "-d", `${job.seconds}s`, "--timeout", "30s"],
        ...["-s", SCRIPT, ...asLines(headers), job.url + path],
      ], { TORCHGAUGE_BODY: bodyFile });
      return { ...parseWrk(stdout), cpuMs };
    },
  };
}

/**
 * wrk with the clock of the script of `tasks/agreement/`, for its latency on one connection: its own is corrected for what
 * other requests would have waited, and no other client's is.
 *
 * @param bodies Where its bodies are.
 */
export function timedWrk(bodies: BodyFiles): Client {
  return {
    name: "wrk, script's clock",
    async measure(job) {
      const { path, headers, folder } = await bodies.of(job);
      const jsonBytes = headers[headers.indexOf(JSON_LENGTH_HEADER) + 1]!;
      const { stdout, cpuMs, seconds } = await runPinned([
        ...["wrk", "-t", "1", "-c", "1", "-d", `${job.seconds}s`, "--timeout", "30s", "-s", REPLAY, job.url],
        ...["--", folder, "1", path, jsonBytes],
      ]);
      const { requestsPerSecond, p50Ms } = parseReplay(stdout);
      return { requests: requestsPerSecond * seconds, seconds, cpuMs, p50Ms };
    },
  };
}

function asLines(headers: readonly string[]): string[] {
  return headers.flatMap((name, i) => i % 2 === 0 ? ["-H", `${name}: ${headers[i + 1]}`] : []);
}

/**
 * What wrk measured, by the line that `wrk.lua` prints.
 *
 * @param output All that it wrote.
 * @throws {RangeError} If the line is missing or requests failed.
 */
export function parseWrk(output: string): Omit<ClientRun, "cpuMs"> {
  const numbers = LINE.exec(output)?.slice(1).map(Number);
  if (numbers === undefined) {
    throw new RangeError(`Cannot read wrk's output as it must have a summary: found ${output}`);
  }
  const [requests, failed, durationUs, p50Us] = numbers as [number, number, number, number];
  if (failed > 0) throw new RangeError(`Cannot compare with wrk as every request must succeed: ${failed} failed`);
  return { requests, seconds: durationUs / 1e6, p50Ms: p50Us / 1000 };
}
