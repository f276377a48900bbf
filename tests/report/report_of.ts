import { analyze } from "../../src/analysis/analyze.ts";
import { type Report, SCHEMA_VERSION } from "../../src/results/report.ts";
import type { TestResults } from "../../src/results/result.ts";
import { MB } from "../results/kinds/memory_result.ts";

/** A report around some tests, with the findings that the analysis makes of them. */
export function reportOf(tests: TestResults, overrides: Partial<Report> = {}, pricePerHour?: number): Report {
  const measured: Omit<Report, "findings" | "recommendations"> = {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: "torchgauge", version: "0.1.0" },
    startedAt: "2026-03-04T09:30:00.000Z",
    durationMs: 83_400,
    seed: 1,
    command: "deno task comprehensive --model resnet18",
    environment: {
      os: "Linux 6.8.0",
      cpu: "AMD EPYC 7B13",
      cores: 2,
      memoryBytes: 8 * 1024 * MB,
      deno: "2.9.6",
      gpus: [],
    },
    target: {
      url: "http://127.0.0.1:41231",
      protocol: "torch-inference",
      model: "resnet18",
      embedded: true,
      device: "cpu",
    },
    partial: null,
    tests,
    warnings: [],
    ...overrides,
  };
  const { target: { device }, environment: { gpus } } = measured;
  const price = pricePerHour === undefined ? {} : { pricePerHour };
  return { ...measured, ...analyze(tests, { device, gpus: gpus.length, ...price }), ...overrides };
}
