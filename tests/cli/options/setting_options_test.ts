import { assertEquals } from "@std/assert";
import { parseCommandLine } from "../../../src/cli/options/command_line.ts";
import { shownSettings } from "../../../src/cli/options/setting_options.ts";
import { commandText } from "../../../src/cli/terminal/command_text.ts";

const URL_OF_GPUS = "http://me:s3cret@gpu-1:9400/metrics";

Deno.test("parseCommandLine() reads where GPUs are told of, and which", () => {
  const argv = ["--test-type", "basic", "--url", "http://gpu-1:8000", "--gpu-metrics-url", URL_OF_GPUS];
  const command = parseCommandLine([...argv, "--gpu-devices", "0, 3,GPU-5d3a0f6e"], () => undefined);
  assertEquals(command.kind === "run" && command.options, {
    gpuMetricsUrl: URL_OF_GPUS,
    gpuDevices: [0, 3, "GPU-5d3a0f6e"],
  });
});

Deno.test("commandText() and shownSettings() mask the password of GPU metrics", () => {
  const shown = "http://***@gpu-1:9400/metrics";
  assertEquals(
    commandText(["--gpu-metrics-url", URL_OF_GPUS, `--gpu-metrics-url=${URL_OF_GPUS}`]),
    `deno task run --gpu-metrics-url '${shown}' '--gpu-metrics-url=${shown}'`,
  );
  const settings = { gpuMetricsUrl: URL_OF_GPUS, gpuDevices: [0], objectives: "p99<1ms", traceMs: [1] };
  assertEquals(shownSettings(settings), { ...settings, gpuMetricsUrl: shown });
});
