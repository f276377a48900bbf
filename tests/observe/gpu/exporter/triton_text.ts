/** One GPU as Triton tells of it. */
export interface TritonGpu {
  readonly uuid: string;
  readonly utilization: number;
  readonly watts: number;
  readonly joules: number;
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** The text of Triton's metrics, in its order and its digits. */
export function tritonText(gpus: readonly TritonGpu[]): string {
  const metrics: readonly [name: string, help: string, type: string, value: (gpu: TritonGpu) => number][] = [
    ["nv_gpu_utilization", "GPU utilization rate [0.0 - 1.0)", "gauge", ({ utilization }) => utilization],
    ["nv_gpu_memory_total_bytes", "GPU total memory, in bytes", "gauge", ({ totalBytes }) => totalBytes],
    ["nv_gpu_memory_used_bytes", "GPU used memory, in bytes", "gauge", ({ usedBytes }) => usedBytes],
    ["nv_gpu_power_usage", "GPU power usage in watts", "gauge", ({ watts }) => watts],
    ["nv_gpu_power_limit", "GPU power management limit in watts", "gauge", () => 300],
    [
      "nv_energy_consumption",
      "GPU energy consumption in joules since the Triton Server started",
      "counter",
      ({ joules }) => joules,
    ],
  ];
  return [
    "# HELP nv_inference_request_success Number of successful inference requests, all batch sizes",
    "# TYPE nv_inference_request_success counter",
    'nv_inference_request_success{model="resnet50",version="1"} 161',
    ...metrics.flatMap(([name, help, type, value]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...gpus.map((gpu) => `${name}{gpu_uuid="${gpu.uuid}"} ${value(gpu).toFixed(6)}`),
    ]),
    "# HELP nv_cpu_utilization CPU utilization rate [0.0 - 1.0]",
    "# TYPE nv_cpu_utilization gauge",
    "nv_cpu_utilization 0.250000",
  ].join("\n") + "\n";
}

/** A GPU at work. */
export const V100: TritonGpu = {
  uuid: "GPU-0e9fdafb-5adb-91cd-26a8-308d34357efc",
  utilization: 0.37,
  watts: 155.137,
  joules: 9380.053,
  usedBytes: 974913536,
  totalBytes: 16945512448,
};
