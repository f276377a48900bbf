import type { Distribution, Estimate } from "../../src/core/estimate.ts";

export function estimate(value: number, halfWidth: number | null = Math.abs(value) * 0.02, n = 200): Estimate {
  if (halfWidth === null) return { value, low: null, high: null, level: 0.95, n };
  return { value, low: value - halfWidth, high: value + halfWidth, level: 0.95, n };
}

/** Latencies with a short tail; under 300 observations the p99 has no upper end. */
export function distribution(mean: number, n = 200): Distribution {
  const quantile = (factor: number, high: number | null) => ({
    value: mean * factor,
    low: mean * factor * 0.985,
    high: high === null ? null : mean * factor * high,
    level: 0.95,
    n,
  });
  return {
    n,
    min: mean * 0.91,
    mean: estimate(mean, mean * 0.011, n),
    p50: quantile(0.98, 1.01),
    p90: quantile(1.12, 1.03),
    p95: quantile(1.2, n < 100 ? null : 1.05),
    p99: quantile(1.45, n < 300 ? null : 1.12),
    max: mean * 1.71,
  };
}
