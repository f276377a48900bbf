import type { DurationCounter, ModelStatistics } from "../model_statistics.ts";

/**
 * A model's counters in the form of Triton's statistics extension; durations are nanoseconds.
 *
 * @param name Name of the model.
 * @param counted Its counters.
 */
export function tritonStatistics(name: string, counted: ModelStatistics): Record<string, unknown> {
  return {
    name,
    version: "1",
    last_inference: counted.lastInferenceAt,
    inference_count: counted.items,
    execution_count: counted.executions,
    inference_stats: {
      success: duration(counted.success),
      fail: duration(counted.failure),
      queue: duration(counted.queue),
      compute_input: duration(counted.computeInput),
      compute_infer: duration(counted.computeInfer),
      compute_output: duration(counted.computeOutput),
    },
    batch_stats: [...counted.byBatchSize].sort(([a], [b]) => a - b).map(([size, parts]) => ({
      batch_size: size,
      compute_input: duration(parts.input),
      compute_infer: duration(parts.infer),
      compute_output: duration(parts.output),
    })),
  };
}

function duration({ count, totalMs }: DurationCounter) {
  return { count, ns: Math.round(totalMs * 1e6) };
}
