import type { ClientCheck, ClientUse, ResultBase } from "../../src/results/result.ts";

export const calmClient: ClientCheck = {
  cpuMsPerRequest: 0.11,
  cpuShare: 0.04,
  eventLoopLagP99Ms: 1.2,
  ceilingPerSecond: 9120,
  limited: false,
};

/** What a client that has time to spare sees of itself in a window. */
export const calmUse: ClientUse = {
  cpuShare: 0.04,
  threadShare: 0.03,
  starvedShare: 0.002,
  sharedCores: null,
  writingShare: 0.01,
  readingShare: 0.01,
  judgingShare: 0.005,
  betweenShare: 0.01,
  lagP99Ms: 1.2,
  ceilingPerSecond: 9120,
  because: [],
};

export const base: ResultBase = {
  startedAt: "2026-03-04T09:30:00.000Z",
  elapsedMs: 5230,
  partial: null,
  absences: {},
  client: calmClient,
};
