import { assert, assertEquals } from "@std/assert";
import { isAbsent } from "../../../src/observe/absent.ts";
import { openGpuSource } from "../../../src/observe/gpu/open_gpu_source.ts";
import { A100, fakeNvidiaSmi, NO_DRIVER } from "./fake_nvidia_smi.ts";
import { fakeNvml, H200, NO_CC } from "./fake_nvml.ts";

const NO_LIBRARY = { library: "/no/such/libnvidia-ml.so.1" };

async function nameOf(options: Parameters<typeof openGpuSource>[0]): Promise<string> {
  const source = await openGpuSource(options);
  assert(!isAbsent(source), `absent: ${isAbsent(source) && source.absent}`);
  await source.close();
  return source.name;
}

Deno.test({
  name: "openGpuSource() takes NVML, else nvidia-smi",
  ignore: NO_CC,
  async fn() {
    using nvml = fakeNvml({ devices: [H200] });
    using smi = fakeNvidiaSmi({ devices: A100 });
    const nvidiaSmi = { command: smi.path };
    assertEquals(await nameOf({ nvml: { library: nvml.library }, nvidiaSmi }), "nvml");
    assertEquals(await nameOf({ nvml: NO_LIBRARY, nvidiaSmi }), "nvidia-smi");
    nvml.tell({ devices: [H200], fails: { nvmlInit_v2: 18 } });
    assertEquals(await nameOf({ nvml: { library: nvml.library }, nvidiaSmi }), "nvidia-smi");
  },
});

Deno.test("openGpuSource() says that no driver is here", async () => {
  const missing = { nvml: NO_LIBRARY, nvidiaSmi: { command: "no-such-nvidia-smi" } };
  assertEquals(await openGpuSource(missing), {
    absent: "neither NVIDIA's driver (NVML, nvidia-smi) nor AMD's (amd-smi, rocm-smi) was found",
    notInstalled: true,
  });
});

Deno.test({
  name: "openGpuSource() does not call what is in trouble not installed",
  ignore: Deno.build.os === "windows",
  async fn() {
    using smi = fakeNvidiaSmi({ devices: NO_DRIVER, code: 9 });
    const source = await openGpuSource({ nvml: NO_LIBRARY, nvidiaSmi: { command: smi.path } });
    assert(isAbsent(source) && source.notInstalled === undefined);
  },
});
