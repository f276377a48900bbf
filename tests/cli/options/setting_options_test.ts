import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/core/errors.ts";
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
  assertEquals(
    commandText(["--gpu-metrics-url=http://gpu-1/m?a=s3cret&b=s3cret"]),
    "deno task run '--gpu-metrics-url=http://gpu-1/m?a=***&b=***'",
  );
  const settings = { gpuMetricsUrl: URL_OF_GPUS, gpuDevices: [0], objectives: "p99<1ms", traceMs: [1] };
  assertEquals(shownSettings(settings), { ...settings, gpuMetricsUrl: shown });
});

function parametersOf(...written: string[]) {
  const argv = ["--test-type", "basic", ...written.flatMap((one) => ["--parameter", one])];
  const command = parseCommandLine(argv, () => undefined);
  return command.kind === "run" ? command.options.parameters : null;
}

Deno.test("commandText() and shownSettings() mask parameters that are secret by their names", () => {
  assertEquals(
    commandText(["--parameter", "api_key=s3cret", "--parameter=hf-token=s3cret", "--parameter", "max_tokens=64"]),
    "deno task run --parameter 'api_key=***' '--parameter=hf-token=***' --parameter max_tokens=64",
  );
  assertEquals(shownSettings({ parameters: { api_key: "s3cret", top_k: 5 } }), {
    parameters: '{"api_key":"***","top_k":5}',
  });
});

Deno.test("parseCommandLine() reads parameters of requests as what they are written like", () => {
  assertEquals(parametersOf("a=1", "b=-2.5e3", "c=true", "d=x y", 'e="2"', "f=", "g=a=b", "h=01"), {
    a: 1,
    b: -2500,
    c: true,
    d: "x y",
    e: "2",
    f: "",
    g: "a=b",
    h: "01",
  });
  assertEquals(parametersOf("top=18446744073709551615"), { top: 18446744073709551615n });
  for (const odd of [["a"], ["=1"], ["a=1", "a=2"], ["a=18446744073709551616"], ["a=1e400"]]) {
    assertThrows(() => parametersOf(...odd), UsageError, "--parameter");
  }
});

Deno.test("shownSettings() shows parameters with all their digits", () => {
  assertEquals(shownSettings({ parameters: { top: 18446744073709551615n } }), {
    parameters: '{"top":18446744073709551615}',
  });
});
