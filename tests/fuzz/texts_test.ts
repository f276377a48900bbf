/** Texts of programs and servers: metrics, nvidia-smi, amd-smi, rocm-smi, objectives, addresses. */
import { parsePrometheus } from "../../src/core/prometheus_text.ts";
import { parseObjectives } from "../../src/objectives/parse_objectives.ts";
import { parseAmdGpus, parseAmdProcesses } from "../../src/observe/gpu/amd/amd_smi.ts";
import { parseRocmGpus, parseRocmProcesses } from "../../src/observe/gpu/amd/rocm_smi.ts";
import { readExportedGpus } from "../../src/observe/gpu/exporter/exporter_metrics.ts";
import { parseMetricsUrl } from "../../src/observe/gpu/exporter/metrics_url.ts";
import { DEVICE_FIELDS, parseGpuProcesses, parseGpus } from "../../src/observe/gpu/parse_nvidia_smi.ts";
import { parseServerCommand } from "../../src/launch/server_command.ts";
import { parseProxy } from "../../src/wire/access.ts";
import { parseServerUrl } from "../../src/wire/url.ts";
import fc from "fast-check";
import { changedJson, changedText } from "./hostile.ts";
import { survives } from "./survives.ts";

const GPUS =
  "3, NVIDIA A100, GPU-1, 1234, 40960, 37, 580.159.04, 76.14, 345, 1980, 31, Disabled, 0x0000000000000004\n" +
  "4, NVIDIA H200, GPU-2, [N/A], 143771, [Not Supported], 580.159.04, [N/A], 345, 1980, 31, Enabled, 0x0\n";
const METRICS = `# HELP nv_gpu_memory_used_bytes GPU used memory, in bytes
# TYPE nv_gpu_memory_used_bytes gauge
nv_gpu_memory_used_bytes{gpu_uuid="GPU-1"} 1048576000
nv_gpu_utilization{gpu_uuid="GPU-1"} 0.37 1700000000000
DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1",device="nvidia0",modelName="NVIDIA \\"A\\"",Hostname="h"} 37
DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-1"} NaN
request_seconds_bucket{le="+Inf",model="resnet18"} 12
request_seconds_sum 1.5e3
`;

survives("parsePrometheus()", changedText(METRICS), 1000, (text) => parsePrometheus(text));
survives("readExportedGpus()", changedText(METRICS), 1000, readExportedGpus);
survives("parseGpus()", changedText(GPUS), 1000, (text) => parseGpus(text, DEVICE_FIELDS[0]!));
survives(
  "parseGpuProcesses()",
  changedText("4242, 512, GPU-1\n4243, [N/A], GPU-2\n"),
  500,
  (text) => parseGpuProcesses(text, [{ index: 0, uuid: "GPU-1" }]),
);

const AMD =
  '[{"gpu": 0, "usage": {"gfx_activity": {"value": 3, "unit": "%"}}, "mem_usage": {"used_vram": {"value": 9}}}]';
const AMD_PROCESSES =
  '[{"gpu": 0, "process_list": [{"process_info": {"pid": 4, "memory_usage": {"vram_mem": {"value": 1}}}}]}]';
const ROCM =
  '{"card0": {"GPU use (%)": "3", "VRAM Total Memory (B)": "17163091968", "Unique ID": "0x1"}, "system": {}}';
const ROCM_PROCESSES = '{"system": {"PID4242": "python, 1, 536870912, 0, unknown"}}';

survives("parseAmdGpus()", fc.oneof(changedText(AMD), changedJson(JSON.parse(AMD))), 800, parseAmdGpus);
survives(
  "parseAmdProcesses()",
  fc.oneof(changedText(AMD_PROCESSES), changedJson(JSON.parse(AMD_PROCESSES))),
  800,
  parseAmdProcesses,
);
survives("parseRocmGpus()", fc.oneof(changedText(ROCM), changedJson(JSON.parse(ROCM))), 800, parseRocmGpus);
survives(
  "parseRocmProcesses()",
  fc.oneof(changedText(ROCM_PROCESSES), changedJson(JSON.parse(ROCM_PROCESSES))),
  800,
  parseRocmProcesses,
);

const URLS = ["http://127.0.0.1:8000/base/", "https://user:pass@[::1]:8443/v1?x=1", "gpu-1:8000"];

survives(
  "parseObjectives()",
  changedText("p99<100ms,rps>=20", "latency.p95<0.5s", "errorRate<=1%"),
  1000,
  (text) => parseObjectives(text),
);
survives("parseServerUrl()", changedText(...URLS), 1000, parseServerUrl);
survives("parseProxy()", changedText(...URLS), 500, parseProxy);
survives("parseMetricsUrl()", changedText(...URLS), 500, parseMetricsUrl);
survives(
  "parseServerCommand()",
  changedText("HF_HOME=/tmp python3 -m 'my server' --port 8000 \"a b\" \\$x"),
  1000,
  (text) => parseServerCommand(text),
);
