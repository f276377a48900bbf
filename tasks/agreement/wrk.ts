import { fileURLToPath } from "node:url";
import { cachedFolder, debianLibraries, type RunOptions, runProgram, unpackDebianPackages } from "./install.ts";
import type { Figures, Peer } from "./peer.ts";
import { sharedHead, withRecordedBodies } from "./recorded_folder.ts";

const SCRIPT = fileURLToPath(new URL("replay.lua", import.meta.url));

/**
 * wrk, from the path or else from Debian's package.
 *
 * @throws {MissingToolError} If it can be had from neither.
 */
export async function wrk(): Promise<Peer> {
  const { program, options } = await findProgram();
  return {
    name: "wrk 4",
    note:
      "C, one thread for each connection; latencies by its script's clock, since its own are corrected for omission",
    async measure(load) {
      const { path, jsonBytes } = sharedHead(load);
      const { url, requests, concurrency, seconds } = load;
      const output = await withRecordedBodies(load, (folder) =>
        runProgram(program, [
          ...[
            "-t",
            String(concurrency),
            "-c",
            String(concurrency),
            "-d",
            `${seconds}s`,
            "--timeout",
            "30s",
            "-s",
            SCRIPT,
            url,
          ],
          ...["--", folder, String(requests.length), path, jsonBytes],
        ], options));
      if (!output.success) throw new Error(`Cannot measure with wrk: ${output.stderr.trim()}`);
      return parseWrk(output.stdout);
    },
  };
}

async function findProgram(): Promise<{ readonly program: string; readonly options: RunOptions }> {
  // It has no option that ends well; that it starts is enough.
  const isHere = await runProgram("wrk", ["-v"]).then(() => true, () => false);
  if (isHere) return { program: "wrk", options: {} };
  const packages = ["wrk", "libluajit-5.1-2"];
  const folder = await cachedFolder("wrk", (folder) => unpackDebianPackages(packages, folder));
  return { program: `${folder}/usr/bin/wrk`, options: { env: { LD_LIBRARY_PATH: debianLibraries(folder) } } };
}

const LINE = /^torchgauge requests=(\d+) failed=(\d+) duration=(\d+) p50=(\d+) p95=(\d+) p99=(\d+)$/m;

/**
 * What wrk measured, from the line that `replay.lua` prints.
 *
 * @param output All that wrk wrote.
 * @throws {RangeError} If the line is missing or requests failed.
 */
export function parseWrk(output: string): Figures {
  const numbers = LINE.exec(output)?.slice(1).map(Number);
  if (numbers === undefined) {
    throw new RangeError(`Cannot read wrk's output as it must have a summary: found ${output}`);
  }
  const [requests, failed, durationUs, p50, p95, p99] = numbers as [number, number, number, number, number, number];
  if (failed > 0) throw new RangeError(`Cannot compare with wrk as every request must succeed: ${failed} failed`);
  return {
    requestsPerSecond: requests / (durationUs / 1e6),
    p50Ms: p50 / 1000,
    p95Ms: p95 / 1000,
    p99Ms: p99 / 1000,
  };
}
