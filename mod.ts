/**
 * A performance laboratory for PyTorch inference servers: cold start, batch size, concurrency and memory, in numbers
 * that come with their intervals.
 *
 * @example What does a cold start cost?
 * ```ts no-eval
 * import { connect, runLatencyTest, startEmbeddedServer } from "@torchgauge/torchgauge";
 *
 * await using server = await startEmbeddedServer();
 * await using resnet = await connect(server.url, { model: "resnet18" });
 * const { overheadMs } = await runLatencyTest(resnet, { coldStarts: 10 });
 * ```
 *
 * @example Which batch size brings the most, and how does that look?
 * ```ts no-eval
 * import { connect, plotThroughput, runThroughputTest } from "@torchgauge/torchgauge";
 *
 * await using resnet = await connect("http://127.0.0.1:8080", { model: "resnet18" });
 * const result = await runThroughputTest(resnet, { batchSizes: [1, 2, 4, 8], durationMs: 10_000 });
 * for (const { batchSize, predictionsPerSecond } of result.levels) console.log(batchSize, predictionsPerSecond?.value);
 * await Deno.writeTextFile("throughput.svg", plotThroughput(result).svg);
 * ```
 *
 * @example Does it keep its objectives? A gate in CI that ends with 1 where it does not
 * ```ts no-eval
 * import { connect, createReport, evaluateGate, formatChecks, parseObjectives } from "@torchgauge/torchgauge";
 * import { runTests, saveResult } from "@torchgauge/torchgauge";
 *
 * await using resnet = await connect("http://127.0.0.1:8080", { model: "resnet18" });
 * const report = createReport(await runTests(resnet, ["basic"], { concurrency: 4, durationMs: 30_000 }));
 * const gate = evaluateGate(report.tests, parseObjectives("p99<100ms, errors<1%"));
 * await saveResult("results.json", { ...report, gate });
 * console.log(formatChecks({ gate }));
 * if (!gate.passed) Deno.exitCode = 1;
 * ```
 *
 * @example Is the second run better or worse than the first?
 * ```ts no-eval
 * import { compare, formatComparison, loadResult } from "@torchgauge/torchgauge";
 *
 * const comparison = compare(await loadResult("before.json"), await loadResult("after.json"));
 * console.log(formatComparison(comparison));
 * ```
 *
 * "Method 7" and the like are chapters of `src/stats/README.md`.
 *
 * @module
 */
export { type Analysis, analyze } from "./src/analysis/analyze.ts";
export type { Circumstances } from "./src/analysis/circumstances.ts";
export { checkBaseline } from "./src/compare/check_baseline.ts";
export { compare, type CompareOptions } from "./src/compare/compare.ts";
export { evaluateGate, gateMetrics } from "./src/objectives/evaluate_gate.ts";
export { loadResult, saveResult } from "./src/cli/inputs/report_file.ts";
export type * from "./src/results/comparison.ts";
export type { Clock } from "./src/core/clock.ts";
export type {
  AbOptions,
  ArrivalOptions,
  BasicOptions,
  ComprehensiveOptions,
  LatencyOptions,
  LevelOptions,
  LoadOptions,
  MemoryOptions,
  PromptsOptions,
  ScalabilityOptions,
  TestOptions,
  ThroughputOptions,
} from "./src/measure/settings/options.ts";
export type { SampleLog } from "./src/measure/sample_log.ts";
export type { SampleRow } from "./src/core/sample.ts";
export type { OptionMention, OptionWords } from "./src/core/option_words.ts";
export {
  ExchangeError,
  ServerStartError,
  TargetError,
  type TorchgaugeErrorOptions,
  UsageError,
} from "./src/core/errors.ts";
export type { Distribution, Estimate } from "./src/core/estimate.ts";
export type * from "./src/results/finding.ts";
export type * from "./src/results/recommendation.ts";
export type * from "./src/results/gate.ts";
export type { Marker, PlacedMarker } from "./src/core/marker.ts";
export type * from "./src/core/model_input.ts";
export type { LimitVerdict, Objective, ObjectiveOutcome } from "./src/results/objective.ts";
export { FAILURE_REASONS, type FailureReason, type Outcome } from "./src/core/outcome.ts";
export { parseObjectives } from "./src/objectives/parse_objectives.ts";
export type { OnProgress, Progress, ProgressFigure } from "./src/results/progress.ts";
export type * from "./src/core/protocol.ts";
export { type Endpoint, ENDPOINTS, type Generation } from "./src/core/request/generation.ts";
export type * from "./src/core/request/parameters.ts";
export type { FirstTokenCounters } from "./src/core/stream/first_token_counters.ts";
export type { RequestTokens } from "./src/core/request/request_tokens.ts";
export type { TokenCounter } from "./src/core/stream/token_counter.ts";
export type { TokenLengths } from "./src/core/request/token_lengths.ts";
export type { SequenceForm, SequencePlaces, Sequencing } from "./src/core/request/sequence.ts";
export { COMPREHENSIVE_KINDS, comprehensiveKinds, type TestKind } from "./src/results/comprehensive_kinds.ts";
export type { BusyMachine, BusyProgram } from "./src/results/evidence/busy_machine.ts";
export type { Environment } from "./src/results/environment.ts";
export type { Figure, GateName } from "./src/results/figure.ts";
export { FIGURES, type ResultFigure } from "./src/results/figures.ts";
export { RESULT_KINDS } from "./src/results/kinds.ts";
export type { LevelWindow } from "./src/results/kinds/kind.ts";
export type { Absent, Measured } from "./src/results/measured.ts";
export type { Measurements, Report } from "./src/results/report.ts";
export type { RunPart } from "./src/results/resume/run_part.ts";
export type { GenerationAsked, LengthsAsked } from "./src/results/asked/generation_asked.ts";
export type { TargetDescription } from "./src/results/target_description.ts";
export type { Severity } from "./src/core/severity.ts";
export type { Unit } from "./src/results/units.ts";
export type { ComparisonVerdict } from "./src/results/verdict.ts";
export { type RunWindow, windowsOf } from "./src/results/windows.ts";
export { SCHEMA_VERSION } from "./src/results/report.ts";
export type * from "./src/results/result.ts";
export { GPU_SOURCES, THROTTLE_REASONS } from "./src/results/window/gpu_use.ts";
export { MEMORY_PHASES, START_STAGES } from "./src/results/result.ts";
export type { ServerStop, StartedServer } from "./src/core/started_server.ts";
export type { ChunkTimes } from "./src/core/stream/chunk_times.ts";
export type { AnswerStream } from "./src/core/stream/answer_stream.ts";
export { STREAM_NUMBERS, type StreamNumber, type StreamRow } from "./src/core/stream/stream_row.ts";
export type { Target } from "./src/core/target.ts";
export type * from "./src/core/transport.ts";
export { VERSION } from "./src/core/version.ts";
export { type EmbeddedServer, type EmbeddedServerOptions, startEmbeddedServer } from "./src/embedded/start.ts";
export { liveProgress } from "./src/notebook/live_progress.ts";
export { show } from "./src/notebook/show.ts";
export {
  Chart,
  type ChartContent,
  type ChartOptions,
  type LegendEntry,
  type Panel,
  type PlotOptions,
  type PngOptions,
} from "./src/plot/kit/chart.ts";
export type { Theme } from "./src/plot/kit/palette.ts";
export { plotAb } from "./src/plot/ab.ts";
export { plotColdStart } from "./src/plot/cold_start.ts";
export { plotComparison } from "./src/plot/comparison.ts";
export { plotDifferences } from "./src/plot/compared/differences.ts";
export { plotLatency } from "./src/plot/latency.ts";
export { plotLoad } from "./src/plot/load.ts";
export { plotMemory } from "./src/plot/memory.ts";
export { plotOperatingPoints } from "./src/plot/operating_points.ts";
export { plotOverview } from "./src/plot/overview.ts";
export { plotPrompts } from "./src/plot/streams/prompts.ts";
export { plotScalability } from "./src/plot/scalability.ts";
export { plotServerTime } from "./src/plot/server_time.ts";
export { plotAnswers } from "./src/plot/streams/answers.ts";
export { plotTokens } from "./src/plot/streams/tokens.ts";
export { plotTrials } from "./src/plot/streams/trials.ts";
export { plotThroughput } from "./src/plot/throughput.ts";
export { connect, type ConnectOptions, type FitInputs } from "./src/protocols/connect.ts";
export type { ServerRoute } from "./src/protocols/shared/server_calls.ts";
export type { Form, FormField } from "./src/protocols/generic/form.ts";
export type { Writing } from "./src/protocols/generic/item_writing.ts";
export type { RequestTemplate } from "./src/protocols/generic/request.ts";
export { type GenericSpec, parseGenericSpec, type ReadTemplate } from "./src/protocols/generic/spec.ts";
export { type Placeholder, PLACEHOLDERS, type Slot, type Template } from "./src/protocols/generic/template.ts";
export type { Access } from "./src/wire/access.ts";
export type { ResponseLimit } from "./src/wire/answer_budget.ts";
export type { RefusedServerTimes } from "./src/results/window/refused_server_times.ts";
export type { AnswerTimeline } from "./src/results/kinds/answer_timeline.ts";
export type { OwnCount, StreamAccount } from "./src/results/window/stream_account.ts";
export type { GoodputAccount } from "./src/results/window/goodput/goodput_account.ts";
export { type Finish, FINISHES, TOKEN_SOURCES, type TokenSource } from "./src/core/stream/stream_row.ts";
export type { Query } from "./src/wire/query.ts";
export { connectServer, type ConnectServerOptions, type ServerConnection } from "./src/protocols/connect_server.ts";
export { createReport, type ReportOptions } from "./src/report/create_report.ts";
export {
  type ComparisonTextOptions,
  formatChecks,
  formatComparison,
  formatComparisonCsv,
  formatComparisonJson,
  type LabelledComparison,
} from "./src/report/format_comparison.ts";
export type { ComparisonLabels } from "./src/report/sections/comparison.ts";
export { formatCsv } from "./src/report/csv/format_csv.ts";
export { formatComparisonHtml, type LabelledRun } from "./src/report/html/format_comparison_html.ts";
export { formatHtml } from "./src/report/html/format_html.ts";
export { formatJson } from "./src/report/json/format_json.ts";
export { formatJunit } from "./src/report/junit/format_junit.ts";
export { formatComparisonMarkdown, formatMarkdown } from "./src/report/markdown/format_markdown.ts";
export { formatOpenMetrics } from "./src/report/openmetrics/format_openmetrics.ts";
export { formatText, type TextOptions, type TextPart } from "./src/report/text/format_text.ts";
export type { PageOptions } from "./src/report/text/page_text.ts";
export { parseReport } from "./src/report/json/parse_report.ts";
export { runAbTest } from "./src/test_types/ab.ts";
export { runBasicTest } from "./src/test_types/basic.ts";
export { type AllOptions, runAb, runComprehensive, runTests } from "./src/test_types/comprehensive.ts";
export type { ResumeOptions } from "./src/test_types/comprehensive/resume_options.ts";
export { runLatencyTest } from "./src/test_types/latency/latency.ts";
export { runLoadTest } from "./src/test_types/load/load.ts";
export { runMemoryTest } from "./src/test_types/memory/memory.ts";
export { runPromptsTest } from "./src/test_types/prompts/prompts.ts";
export { runScalabilityTest } from "./src/test_types/scalability.ts";
export { runThroughputTest } from "./src/test_types/throughput.ts";
