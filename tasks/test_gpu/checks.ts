import { loadResult } from "../../src/cli/inputs/report_file.ts";
import type { MemoryResult } from "../../src/results/kinds/memory.ts";
import type { Report } from "../../src/results/report.ts";
import { runBareLoop } from "../bench/clients/bare_loop.ts";
import { median } from "../bench/row.ts";
import { taskCommand } from "../bench/task_command.ts";
import type { EnergyLog } from "./energy_log.ts";
import { type GpuServer, MODEL, startGpuServer } from "./gpu_server.ts";

const LEAK_BYTES = 2 ** 20;
/** From the lowest to the highest of so many ratios lies their median with 97 %. */
const ROUNDS = 6;
const ROUND_SECONDS = 2;

/** One thing that was compared. */
export interface Check {
  readonly what: string;
  /** Both sides, for people. */
  readonly found: string;
  readonly holds: boolean;
}

/** Tests on the machine at hand. */
export interface Bench {
  /** Python with PyTorch. */
  readonly python: string;
  /** Where results go. */
  readonly folder: string;
  /** What NVML says. */
  readonly energy: EnergyLog;
  /** Tells what is going on. */
  say(what: string): void;
}

/** All checks of a machine with an NVIDIA GPU, in turn. */
export const CHECKS: readonly ((bench: Bench) => Promise<readonly Check[]>)[] = [
  footprintAndCalm,
  leak,
  fragmentation,
  energyAndUse,
  rates,
];

async function footprintAndCalm(bench: Bench): Promise<readonly Check[]> {
  await using server = await startGpuServer(bench.python);
  await server.put("unload");
  const before = await server.counters();
  await server.put("load");
  const after = await server.counters();
  if (before === null || after === null) throw new Error("Cannot check: PyTorch does not compute on the GPU");
  const { gpu } = await memoryOf(bench, server, "a server that leaks nothing");
  return [
    within("footprint / the allocator's", gpu?.modelFootprintBytes, after.reservedBytes - before.reservedBytes, 0.05),
    isNot("growth of a server that leaks nothing", gpu?.growth?.verdict, "growing"),
    isNot("the same by the allocator", gpu?.allocatedGrowth?.verdict, "growing"),
  ];
}

async function leak(bench: Bench): Promise<readonly Check[]> {
  await using server = await startGpuServer(bench.python, ["--leak", String(LEAK_BYTES)]);
  const { gpu } = await memoryOf(bench, server, "a server that keeps 1 MiB a request", ["--cycles", "0"]);
  return [
    is("growth of a server that keeps 1 MiB a request", gpu?.growth?.verdict, "growing"),
    is("the same by the allocator", gpu?.allocatedGrowth?.verdict, "growing"),
    within("bytes a request", gpu?.growth?.bytesPerRequest.value, LEAK_BYTES, 0.25),
    within("the same by the allocator", gpu?.allocatedGrowth?.bytesPerRequest.value, LEAK_BYTES, 0.1),
  ];
}

async function fragmentation(bench: Bench): Promise<readonly Check[]> {
  await using server = await startGpuServer(bench.python, ["--fragment"]);
  const memory = await memoryOf(bench, server, "a server that fragments its memory", ["--cycles", "0"]);
  return [is("fragmentation", memory.fragmentation.verdict, "detected")];
}

async function energyAndUse(bench: Bench): Promise<readonly Check[]> {
  await using server = await startGpuServer(bench.python);
  const checks: Check[] = [];
  for (const batchSize of [1, 64]) {
    bench.say(`energy at batches of ${batchSize}`);
    const report = await resultOf(bench, "basic", [...at(server), "--batch-size", `${batchSize}`, "--requests", "300"]);
    const { gpu, visits = [], succeeded } = report.tests.basic!;
    const startedMs = Date.parse(report.startedAt);
    const windows = visits.map(({ atMs, durationMs }) => [startedMs + atMs, startedMs + atMs + durationMs] as const);
    const joules = windows.reduce((sum, [fromMs, toMs]) => sum + bench.energy.joulesBetween(fromMs, toMs), 0);
    const lengthMs = windows.reduce((sum, [fromMs, toMs]) => sum + toMs - fromMs, 0);
    const busy = windows.reduce((sum, [fromMs, toMs]) =>
      sum + bench.energy.utilizationBetween(fromMs, toMs) * (toMs - fromMs), 0) / lengthMs;
    const own = gpu?.energyPerPrediction?.value;
    checks.push(within(`J a prediction at batches of ${batchSize}`, own, joules / (succeeded * batchSize), 0.05));
    checks.push(within(`% of utilisation at batches of ${batchSize}`, gpu?.utilizationPercent, busy, 0.1));
  }
  return checks;
}

/** The rate of a server of Python wanders by a fifth from one second to the next: the two take turns, and are judged by all rounds. */
async function rates(bench: Bench): Promise<readonly Check[]> {
  await using server = await startGpuServer(bench.python);
  const checks: Check[] = [];
  for (const batchSize of [1, 16]) {
    const job = { url: server.url, model: MODEL, batchSize, connections: 1, seconds: ROUND_SECONDS };
    const ofBareLoop = async () => {
      const { requests, seconds } = await runBareLoop(job, true, 32);
      return requests / seconds;
    };
    const ofOwn = async () => {
      const args = [...at(server), "--batch-size", `${batchSize}`, "--duration", `${ROUND_SECONDS}`];
      return (await resultOf(bench, "basic", args)).tests.basic!.requestsPerSecond!.value;
    };
    const ratios: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      bench.say(`rates at batches of ${batchSize}, round ${round} of ${ROUNDS}`);
      const bareFirst = round % 2 === 0 ? null : await ofBareLoop();
      const own = await ofOwn();
      ratios.push(own / (bareFirst ?? await ofBareLoop()));
    }
    const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
    checks.push({
      what: `rate / a bare client's at batches of ${batchSize}, not surely off by more than 5 %`,
      found: `${median(ratios)} [${low}, ${high}]`,
      holds: low <= 1.05 && high >= 0.95,
    });
  }
  return checks;
}

async function memoryOf(
  bench: Bench,
  server: GpuServer,
  what: string,
  more: readonly string[] = [],
): Promise<MemoryResult> {
  bench.say(`memory of ${what}`);
  const { tests } = await resultOf(bench, "memory", [...at(server), "--soak", "10", ...more]);
  return tests.memory!;
}

function at({ url }: GpuServer): string[] {
  return ["--url", url, "--protocol", "kserve-v2", "--model", MODEL];
}

async function resultOf(bench: Bench, name: "basic" | "memory", args: readonly string[]): Promise<Report> {
  const file = `${bench.folder}/${name}.json`;
  const [program, ...words] = taskCommand(name, [...args, "--output", file]);
  const { code, stderr } = await new Deno.Command(program!, { args: words, stdin: "null" }).output();
  if (code !== 0) throw new Error(`deno task ${name} ended with ${code}:\n${new TextDecoder().decode(stderr)}`);
  return await loadResult(file);
}

function within(what: string, own: number | null | undefined, truth: number, share: number): Check {
  const ratio = (own ?? NaN) / truth;
  const found = `${own ?? "nothing"} for ${truth}`;
  return { what: `${what}, within ${100 * share} %`, found, holds: Math.abs(ratio - 1) <= share };
}

function is(what: string, own: string | undefined, wanted: string): Check {
  return { what: `${what}: ${wanted}`, found: own ?? "nothing", holds: own === wanted };
}

function isNot(what: string, own: string | undefined, unwanted: string): Check {
  return { what: `${what}: not ${unwanted}`, found: own ?? "nothing", holds: own !== undefined && own !== unwanted };
}
