/** What results are made of, as types. */
export type { Absences, ClientCheck, PartialReason, ResultBase } from "./result_base.ts";
export type { ArrivalPattern, ArrivalShape, ClosedLoad, Load, OpenLoad, Trace } from "./window/load.ts";
export type {
  Counts,
  OfferedFigures,
  OpenWindow,
  ServerTime,
  WarmUpCut,
  Window,
  WindowVisit,
} from "./window/window.ts";
export type { RequestDistributions } from "./window/request_metrics.ts";
export type { VisitSlices } from "./window/visit_slices.ts";
export type {
  AlwaysField,
  LatencyOrigin,
  OpenField,
  PartField,
  RequestField,
  StreamField,
} from "./window/request_metric.ts";
export type { CeilingFigures, ClientLimit, ClientUse } from "./window/client_use.ts";
export type { GpuSourceName, GpuUse, ThrottleReason } from "./window/gpu_use.ts";
export type { FirstTokenParts } from "./window/streams/first_token_parts.ts";
export type { LeftLevel } from "./window/left_level.ts";
export type { LevelShift } from "./window/level_shift.ts";
export type { LostServer, Outage } from "./window/lost_server.ts";
export type {
  OptionalWindowField,
  RequiredWindowField,
  WindowEstimates,
  WindowField,
} from "./window/window_metrics.ts";
export type { AbResult, AbSide, BlockSide, PairedBlock, PairedEffect } from "./kinds/ab.ts";
export type { BasicResult, TimelinePoint } from "./kinds/basic.ts";
export type { CacheCheck } from "./kinds/cache_check.ts";
export type { ColdSample, FirstCycle, LatencyResult } from "./kinds/latency.ts";
export type { CapacityProbe, CapacitySearch, LoadResult, UntoldTrial } from "./kinds/load.ts";
export type {
  MemoryPhase,
  MemoryPhaseName,
  MemoryPoint,
  MemoryResult,
  MemoryScope,
  OtherProcess,
  PhaseWindow,
  ServerProcess,
  ServerWork,
} from "./kinds/memory.ts";
export type { GpuMemory, JudgedGpuGrowth } from "./kinds/gpu_memory.ts";
export type { MemoryCycles, MemoryGrowth } from "./kinds/memory_growth.ts";
export { MEMORY_PHASES } from "./kinds/memory.ts";
export type { OperatingPoint, OperatingPointsResult } from "./kinds/operating_points.ts";
export type { OffPrompt, PromptLaw, PromptLevel, PromptsResult, RefusedPrompt } from "./kinds/prompts.ts";
export type { PrefixCacheCheck, PrefixCacheLength } from "./kinds/prefix_cache.ts";
export type { ServerStarts, StartSample, StartStage } from "./kinds/server_starts.ts";
export { START_STAGES } from "./kinds/server_starts.ts";
export type { CurveInterval, ScalabilityLevel, ScalabilityResult, UslFit } from "./kinds/scalability.ts";
export type { ThroughputLevel, ThroughputResult } from "./kinds/throughput.ts";
export type { ResultByKind, ResultKind, TestResult, TestResults } from "./kinds.ts";
