import { parse } from "csv-parse/sync";
import type { WireRequest } from "../../src/core/transport.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import { JSON_LENGTH_HEADER } from "../../src/protocols/kserve_v2/encode.ts";
import { cachedFolder, debianLibraries, runProgram, unpackDebianPackages, unpackWheel } from "./install.ts";
import { type Figures, type Load, MissingToolError, type Peer } from "./peer.ts";

/** Packages that hold the program, the newest first: its own is built for a newer glibc than many systems have. */
const PACKAGES = [
  { requirement: "perf-analyzer==2.60.0", program: "perf_analyzer/bin/perf_analyzer" },
  { requirement: "tritonclient==2.46.0", program: "tritonclient-2.46.0.data/data/bin/perf_analyzer" },
] as const;
const CUDA_RUNTIME = "nvidia-cuda-runtime-cu12==12.9.79";
/** It reports once three windows in a row were measured, as one of their whole length. */
const WINDOWS = 3;
/** How far its windows may differ, %: every run is taken as it is, like ours. */
const ANY_STABILITY = "100000";

/**
 * NVIDIA's perf_analyzer, in the first version that runs here.
 *
 * @throws {MissingToolError} If none does; the message says why.
 */
export async function perfAnalyzer(): Promise<Peer> {
  if (Deno.build.os !== "linux") throw new MissingToolError("Cannot run perf_analyzer as it is for Linux alone");
  const reasons: string[] = [];
  for (const { requirement, program } of PACKAGES) {
    const folder = await cachedFolder(requirement, async (folder) => {
      const { reason } = await unpackWheel(requirement, folder);
      if (reason !== null) reasons.push(`${requirement}: ${reason}`);
    });
    const path = `${folder}/${program}`;
    if (!await Deno.stat(path).then(() => true, () => false)) continue;
    await Deno.chmod(path, 0o755);
    const env = { LD_LIBRARY_PATH: await libraries() };
    const { success, stdout, stderr } = await runProgram(path, ["--version"], { env });
    if (success) return peer(path, env, /Version (\S+)/.exec(stdout + stderr)?.[1] ?? requirement);
    reasons.push(`${requirement}: ${stderr.trim()}`);
  }
  throw new MissingToolError(`Cannot run perf_analyzer as one of its versions must run here: ${reasons.join("; ")}`);
}

/** Where the libraries are that the program needs and few systems have. */
async function libraries(): Promise<string> {
  const folder = await cachedFolder("perf_analyzer_libraries", async (folder) => {
    await unpackDebianPackages(["libb64-0d"], folder);
    const { reason } = await unpackWheel(CUDA_RUNTIME, folder);
    if (reason !== null) throw new MissingToolError(`Cannot fetch ${CUDA_RUNTIME} as pip must find it: ${reason}`);
  });
  return `${debianLibraries(folder)}:${folder}/nvidia/cuda_runtime/lib`;
}

function peer(program: string, env: Readonly<Record<string, string>>, version: string): Peer {
  return {
    name: `perf_analyzer ${version}`,
    note: "synchronous calls, one thread for each request outstanding; three windows measured as one",
    async measure(load) {
      const folder = await Deno.makeTempDir({ prefix: "torchgauge_agreement_" });
      try {
        await Deno.writeTextFile(`${folder}/inputs.json`, JSON.stringify(inputData(load.requests)));
        const { success, stdout, stderr } = await runProgram(program, argumentsFor(load), { env, cwd: folder });
        if (!success) throw new Error(`Cannot measure with perf_analyzer: ${stderr.trim() || stdout.trim()}`);
        return parsePerfAnalyzer(await Deno.readTextFile(`${folder}/report.csv`), load.batchSize);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  };
}

function argumentsFor({ url, model, batchSize, concurrency, seconds }: Load): string[] {
  return [
    ...["-m", model, "-u", new URL(url).host, "-b", String(batchSize), "-f", "report.csv", "--sync"],
    ...["--input-data", "inputs.json"],
    ...["--concurrency-range", `${concurrency}:${concurrency}`, "--max-threads", String(concurrency)],
    ...["--measurement-interval", String(Math.round(1000 * seconds / WINDOWS))],
    ...["--stability-percentage", ANY_STABILITY, "--max-trials", String(WINDOWS)],
  ];
}

/**
 * The tensors of encoded requests, as perf_analyzer reads them from a file: one set an item, of which it sends as many a
 * request as its batch size is, in turn.
 *
 * @param requests Requests with raw tensors.
 * @throws {TypeError} If a request has no raw tensors.
 */
export function inputData(requests: readonly WireRequest[]): { readonly data: readonly unknown[] } {
  return { data: requests.flatMap(itemsOf) };
}

function itemsOf({ headers, body }: WireRequest): Record<string, unknown>[] {
  const jsonBytes = Number(headers[headers.indexOf(JSON_LENGTH_HEADER) + 1]);
  if (body === null || !headers.includes(JSON_LENGTH_HEADER)) {
    throw new TypeError("Cannot read a request's tensors as they must be raw: it has none");
  }
  const bytes = wholeBody(body);
  const { inputs } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, jsonBytes))) as {
    inputs: { name: string; shape: number[]; parameters: { binary_data_size: number } }[];
  };
  const items: Record<string, unknown>[] = Array.from({ length: inputs[0]?.shape[0] ?? 0 }, () => ({}));
  let at = jsonBytes;
  for (const { name, shape, parameters: { binary_data_size: size } } of inputs) {
    for (const item of items) {
      item[name] = { b64: bytes.subarray(at, at += size / items.length).toBase64(), shape: shape.slice(1) };
    }
  }
  return items;
}

/**
 * What perf_analyzer's report says.
 *
 * @param csv The report; its times are in microseconds.
 * @param batchSize Items in a request: its rate is of items.
 * @throws {RangeError} If a column is missing.
 */
export function parsePerfAnalyzer(csv: string, batchSize: number): Figures {
  const [row] = parse(csv, { columns: true, skip_empty_lines: true }) as Record<string, string>[];
  const number = (column: string) => {
    const value = Number(row?.[column] || NaN);
    if (Number.isFinite(value)) return value;
    throw new RangeError(`Cannot read perf_analyzer's report as "${column}" must be a number: found ${row?.[column]}`);
  };
  return {
    requestsPerSecond: number("Inferences/Second") / batchSize,
    p50Ms: number("p50 latency") / 1000,
    p95Ms: number("p95 latency") / 1000,
    p99Ms: number("p99 latency") / 1000,
  };
}
