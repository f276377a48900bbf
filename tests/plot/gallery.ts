import type { Measurements } from "../../src/results/report.ts";
import type { Chart } from "../../src/plot/kit/chart.ts";
import { plotAb } from "../../src/plot/ab.ts";
import { plotColdStart } from "../../src/plot/cold_start.ts";
import { plotComparison } from "../../src/plot/comparison.ts";
import { gpuCharts } from "../../src/plot/gpu.ts";
import { plotLatency } from "../../src/plot/latency.ts";
import { plotServerTime } from "../../src/plot/server_time.ts";
import { plotLevels } from "../../src/plot/levels.ts";
import { plotLoad } from "../../src/plot/load.ts";
import { plotMemory } from "../../src/plot/memory.ts";
import { plotOperatingPoints } from "../../src/plot/operating_points.ts";
import { overTimeCharts } from "../../src/plot/over_time.ts";
import { plotOverview } from "../../src/plot/overview.ts";
import { plotPrompts } from "../../src/plot/streams/prompts.ts";
import { curvedPrompts, promptsResult, refusedPrompts } from "../results/kinds/prompts_result.ts";
import { plotScalability } from "../../src/plot/scalability.ts";
import { plotThroughput } from "../../src/plot/throughput.ts";
import { plotAnswers } from "../../src/plot/streams/answers.ts";
import { plotTokens } from "../../src/plot/streams/tokens.ts";
import { plotTrials } from "../../src/plot/streams/trials.ts";
import { reports } from "../report/fixtures.ts";
import * as synthetic from "./synthetic.ts";
import { serverStarts } from "./synthetic_starts.ts";
import * as memories from "./synthetic_memory.ts";
import * as loads from "./synthetic_loads.ts";
import * as streams from "./streams/synthetic_streams.ts";
import { withSlices } from "./with_slices.ts";

/** A chart of the gallery. */
export interface Exhibit {
  /** Name of its snapshot. */
  readonly name: string;
  readonly chart: Chart;
}

/** A real run: MobileNetV2 on the embedded server, recorded with `--quick`. */
export function recorded(): Measurements {
  const path = new URL("./fixtures/mobilenet_v2_quick.json", import.meta.url);
  return JSON.parse(Deno.readTextFileSync(path)) as Measurements;
}

/** Every chart, from a recorded run and from made-up results for what that run does not show. */
export function galleryCharts(): Exhibit[] {
  const run = recorded();
  const { basic, latency, throughput, scalability, memory } = run.tests as Required<Measurements["tests"]>;
  const charts: Record<string, Chart> = {
    "overview": plotOverview(run),
    "overview_partial": plotOverview({ ...run, partial: "interrupted", tests: { basic, latency } }),
    "overview_empty": plotOverview({ ...run, tests: {}, warnings: [] }),
    "overview_streams": plotOverview({
      ...run,
      tests: { basic: streams.streamedBasic(), scalability: streams.streamedScalability() },
      warnings: [],
    }),
    "overview_load": plotOverview({
      ...run,
      tests: { "load": loads.load(), "operating-points": loads.operatingPoints() },
      warnings: [],
    }),
    "cold_start": plotColdStart(latency),
    "cold_start_big_model": plotColdStart(synthetic.coldStarts()),
    "cold_start_first_apart": plotColdStart(synthetic.withFirstCycle()),
    "cold_start_from_nothing": plotColdStart(serverStarts()),
    "cold_start_from_nothing_only": plotColdStart(serverStarts({ cycles: 0 })),
    "cold_start_without_load_call": plotColdStart(synthetic.coldStarts({ loadCall: false, cycles: 1 })),
    "cold_start_many_cycles": plotColdStart(synthetic.coldStarts({ cycles: 40 })),
    "cold_start_refused": plotColdStart({
      ...synthetic.coldStarts({ cycles: 0 }),
      absences: { cold: "the model could not be unloaded: the server has no unload call" },
      warmUpCurveMs: null,
    }),
    "latency": plotLatency(basic),
    "latency_with_warm_up": plotLatency(synthetic.basic({ failed: 12 })),
    "latency_long_tail": plotLatency(synthetic.basic({ n: 3000, tail: 1.1, medianMs: 40 })),
    "latency_million": plotLatency(synthetic.basic({ n: 1_000_000, medianMs: 2 })),
    "latency_one_request": plotLatency(synthetic.basic({ n: 1 })),
    "latency_failed": plotLatency(synthetic.failedBasic()),
    "latency_open_loop": plotLatency(loads.openBasic(50)),
    "server_time": plotServerTime(basic),
    "server_time_large_body": plotServerTime(reports["large-bodies"]!.tests.basic!),
    "server_time_unknown": plotServerTime({ ...basic, serverMs: null }),
    "throughput": plotThroughput(throughput),
    "throughput_plateau": plotThroughput(synthetic.throughput()),
    "throughput_client_limited": plotThroughput(
      synthetic.throughput({ limited: [16, 32], failing: [], sizes: [1, 2, 4, 8, 16, 32] }),
    ),
    "throughput_one_level": plotThroughput(synthetic.throughput({ sizes: [8] })),
    "throughput_all_failed": plotThroughput(synthetic.throughput({ sizes: [1, 8], failing: [1, 8] })),
    "throughput_empty": plotThroughput(synthetic.throughput({ sizes: [] })),
    "throughput_many_levels": plotThroughput(
      synthetic.throughput({ sizes: Array.from({ length: 32 }, (_, k) => k + 1), failing: [] }),
    ),
    "scalability": plotScalability(scalability),
    "scalability_peak": plotScalability(synthetic.scalability()),
    "scalability_client_limited": plotScalability(
      synthetic.scalability({ fitted: false, concurrencies: [1, 2, 4, 8, 16], limited: [8, 16] }),
    ),
    "scalability_refused": plotScalability(synthetic.scalability({ fitted: false, concurrencies: [1, 2, 4] })),
    "scalability_one_level": plotScalability(synthetic.scalability({ fitted: false, concurrencies: [4] })),
    "prompts": plotPrompts(promptsResult()),
    "prompts_curved": plotPrompts(curvedPrompts()),
    "prompts_refused": plotPrompts(refusedPrompts()),
    "load": plotLoad(loads.load()),
    "load_saturated": plotLoad(loads.load({ capacity: 5 })),
    "answers": plotAnswers(streams.streamedBasic()),
    "answers_open_loop": plotAnswers(streams.streamedOpenBasic()),
    "answers_unstreamed": plotAnswers(basic),
    "tokens": plotTokens(streams.streamedScalability()),
    "tokens_by_rate": plotTokens(streams.streamedLoad()),
    "trials": plotTrials(streams.streamedLoad()),
    "operating_points": plotOperatingPoints(loads.operatingPoints()),
    "operating_points_client_limited": plotOperatingPoints(loads.operatingPoints({ failing: false, limited: true })),
    "operating_points_empty": plotOperatingPoints({ ...loads.operatingPoints(), points: [] }),
    "ab": plotAb(loads.ab()),
    "ab_no_difference": plotAb(loads.ab({ ratio: 1.004, blocks: 30 })),
    "ab_without_blocks": plotAb(loads.ab({ blocks: 0 })),
    "levels": plotLevels(
      scalability.levels.map((level) => ({
        label: `concurrency ${level.concurrency}`,
        rate: level.requestsPerSecond,
        p95Ms: level.latencyMs?.p95 ?? null,
        converged: level.converged,
      })),
      { title: "Rates and latencies" },
    ),
    "gpu": gpuCharts("throughput", reports["gpu-windows"]!.tests.throughput!)[0]!,
    "gpu_without_energy": gpuCharts("load", reports["gpu-windows"]!.tests.load!)[0]!,
    "over_time": overTimeCharts("throughput", withSlices("throughput", synthetic.throughput()))[0]!,
    "over_time_one_window": overTimeCharts("basic", withSlices("basic", synthetic.basic()))[0]!,
    "memory": plotMemory(memory),
    "memory_gpu": plotMemory(memories.memory({ gpuLeakBytes: 65_536 })),
    "memory_long": plotMemory(memories.memory({ gpu: false, leakBytes: 0, sampleMs: 1 })),
    "memory_unobserved": plotMemory(memories.unobservedMemory()),
    "compare_latency": plotComparison({
      "mobilenet_v2": synthetic.basic({ n: 900, medianMs: 9 }),
      "resnet50": synthetic.basic({ n: 900, medianMs: 21, seed: 4 }),
      "bert": synthetic.basic({ n: 900, medianMs: 14, tail: 0.4, seed: 5 }),
    }),
    "compare_cold_starts": plotComparison({
      "mobilenet_v2": synthetic.coldStarts({ loadMs: 400, warmMs: 9 }),
      "resnet50": synthetic.coldStarts(),
      "served without unload": { ...synthetic.coldStarts(), cold: null },
    }),
    "compare_throughput": plotComparison({
      "mobilenet_v2": synthetic.throughput({ capacity: 2400 }),
      "resnet50": synthetic.throughput(),
      "resnet50 int8": synthetic.throughput({ capacity: 1000 }),
    }),
    "compare_scalability": plotComparison({
      "release 1.4 (a name that is rather long)": synthetic.scalability({ concurrencies: [1, 2, 4, 8, 16, 32] }),
      "release 1.5": synthetic.scalability({ lambda: 130, concurrencies: [1, 2, 4, 8, 16] }),
    }),
    "compare_load": plotComparison({
      "release 1.4": loads.load(),
      "release 1.5": loads.load({ capacity: 170, rates: [20, 40, 80, 160, 320] }),
    }),
    "compare_answers": plotComparison({
      "vLLM 0.32": streams.streamedBasic(),
      "vLLM 0.33": streams.streamedBasic({ firstMs: 60, tokenMs: 14, perSecond: 540 }),
    }),
    "compare_tokens": plotComparison({
      "vLLM 0.32": streams.streamedScalability(),
      "vLLM 0.33": streams.streamedScalability({ tokenMs: 4.5 }),
    }),
    "compare_memory": plotComparison({
      "mobilenet_v2": memories.memory({ leakBytes: 0 }),
      "resnet50": memories.memory({ gpu: false }),
      "remote": memories.unobservedMemory(),
    }),
    "compare_nothing": plotComparison({}),
  };
  return Object.entries(charts).map(([name, chart]) => ({ name, chart }));
}

/** A chart as its snapshot: an element a line, so that a difference can be read. */
export function snapshotOf({ svg }: Pick<Chart, "svg">): string {
  return svg.replaceAll("><", ">\n<") + "\n";
}
