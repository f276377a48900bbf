import type { ClientCheck, ResultBase } from "../../src/results/result.ts";

export const calmClient: ClientCheck = {
  cpuMsPerRequest: 0.11,
  cpuShare: 0.04,
  eventLoopLagP99Ms: 1.2,
  ceilingPerSecond: 9120,
  limited: false,
};

export const base: ResultBase = {
  startedAt: "2026-03-04T09:30:00.000Z",
  elapsedMs: 5230,
  partial: null,
  absences: {},
  client: calmClient,
};
