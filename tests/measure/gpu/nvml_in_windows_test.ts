import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { isAbsent } from "../../../src/observe/absent.ts";
import { openNvml } from "../../../src/observe/gpu/nvml/open_nvml.ts";
import { connect } from "../../../src/protocols/connect.ts";
import { runBasicTest } from "../../../src/test_types/basic.ts";
import { answer, openInference, PREDICTION } from "../../cli/open_inference_server.ts";
import { fakeNvml, H200, NO_CC } from "../../observe/gpu/fake_nvml.ts";

const SOFTWARE_POWER_CAP = 0x4;

Deno.test({
  name: "a real window tells what NVML's symbols say: power is the energy of a prediction by the rate of predictions",
  ignore: NO_CC,
  async fn() {
    const busy = { ...H200, utilizationPercent: 60, powerWatts: 200, smClockMhz: 1755, reasons: SOFTWARE_POWER_CAP };
    using nvml = fakeNvml({ devices: [busy] });
    await using server = await openInference(async () => {
      await new Promise((resolve) => setTimeout(resolve, 3));
      return answer(PREDICTION);
    });
    const target = await connect(server.url);
    const openGpus = async () => {
      const source = await openNvml({ library: nvml.library });
      return isAbsent(source) ? source : { source, positions: [0], pids: null };
    };
    const result = await runBasicTest(target, { durationMs: 2500, quick: true, openGpus });
    await target.close();
    const { gpu, predictionsPerSecond } = result;
    assert(gpu, result.absences["gpu"]);
    assertEquals([gpu.source, Math.round(gpu.utilizationPercent!), Math.round(gpu.powerWatts!)], ["nvml", 60, 200]);
    assertEquals([gpu.devices, Math.round(gpu.smClockMhz!), gpu.throttledShare], [[0], 1755, 1]);
    assertEquals(Object.keys(gpu.throttledBy), ["power"]);
    const { value, low, high } = gpu.energyPerPrediction!;
    assertAlmostEquals(value * predictionsPerSecond!.value, 200, 30);
    assert(low! <= value && value <= high!);
  },
});
