import { assert, assertEquals, assertMatch } from "@std/assert";
import { isAbsent } from "../../../src/observe/absent.ts";
import type { GpuSource } from "../../../src/observe/gpu/gpu_source.ts";
import { type NvidiaSmiOptions, openNvidiaSmi } from "../../../src/observe/gpu/nvidia_smi.ts";
import {
  A100_ID,
  type FakeAnswers,
  fakeNvidiaSmi,
  fakeScript,
  H200,
  MIG,
  NO_DRIVER,
  NO_RIGHTS,
  OTHER_A100_ID,
  TWO_A100,
} from "./fake_nvidia_smi.ts";

const MIB = 2 ** 20;
const NO_SHELL = Deno.build.os === "windows";

async function opened(options: NvidiaSmiOptions): Promise<GpuSource> {
  const source = await openNvidiaSmi(options);
  assert(!isAbsent(source), `absent: ${isAbsent(source) && source.absent}`);
  return source;
}

async function reasonFor(options: NvidiaSmiOptions): Promise<string> {
  const source = await openNvidiaSmi(options);
  assert(isAbsent(source), "a source was opened");
  return source.absent;
}

async function readingsOf(source: GpuSource) {
  const readings = await source.readDevices();
  assert(!isAbsent(readings), `absent: ${isAbsent(readings) && readings.absent}`);
  return readings;
}

Deno.test({
  name: "openNvidiaSmi() reads the devices of the nvidia-smi that is first on PATH",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: H200 });
    const path = Deno.env.get("PATH")!;
    Deno.env.set("PATH", `${smi.folder}:${path}`);
    try {
      const source = await opened({});
      assertEquals(source.name, "nvidia-smi");
      assertEquals(source.devices, [{
        index: 0,
        name: "NVIDIA H200",
        uuid: "GPU-00000000-1111-2222-3333-444444444444",
        totalBytes: 143771 * MIB,
        maxSmClockMhz: 1980,
        driver: "580.159.04",
      }]);
      // An idle device is measured: its zeros are zeros, and to be idle is not to be throttled.
      assertEquals(await source.readDevices(), [{
        utilizationPercent: 0,
        usedBytes: 0,
        powerWatts: 76.14,
        smClockMhz: 345,
        throttledBy: [],
        temperatureCelsius: 31,
      }]);
      assertEquals(await source.readEnergy(), [null]);
    } finally {
      Deno.env.set("PATH", path);
    }
  },
});

Deno.test({
  name: "openNvidiaSmi() asks older drivers for what they know",
  ignore: NO_SHELL,
  async fn() {
    using old = fakeNvidiaSmi({ devices: H200.replace("0x0000000000000001", "0x0000000000000060"), isOld: true });
    assertEquals((await readingsOf(await opened({ command: old.path })))[0]!.throttledBy, ["thermal"]);
    using oldest = fakeNvidiaSmi({ devices: TWO_A100 });
    const source = await opened({ command: oldest.path });
    assertEquals(source.devices.map(({ index, uuid }) => [index, uuid]), [[0, A100_ID], [1, OTHER_A100_ID]]);
    const [first, second] = await readingsOf(source);
    assertEquals([first!.usedBytes, first!.utilizationPercent, first!.powerWatts], [1234 * MIB, 37, null]);
    assertEquals([second!.usedBytes, second!.utilizationPercent, second!.throttledBy], [0, 0, null]);
  },
});

Deno.test({
  name: "openNvidiaSmi() says of each process on which device it is",
  ignore: NO_SHELL,
  async fn() {
    const processes = `4242, 512, ${A100_ID}\n4242, 300, ${OTHER_A100_ID}\n77, [N/A], GPU-of-another`;
    using smi = fakeNvidiaSmi({ devices: TWO_A100, processes });
    assertEquals(await (await opened({ command: smi.path })).readProcesses(), [
      { pid: 4242, device: 0, usedBytes: 512 * MIB },
      { pid: 4242, device: 1, usedBytes: 300 * MIB },
      { pid: 77, device: null, usedBytes: null },
    ]);
  },
});

Deno.test({
  name: "openNvidiaSmi() leaves open what the driver leaves open",
  ignore: NO_SHELL,
  async fn() {
    using mig = fakeNvidiaSmi({ devices: MIG });
    const [cut] = await readingsOf(await opened({ command: mig.path }));
    assertEquals([cut!.usedBytes, cut!.utilizationPercent], [14366 * MIB, null]);
    using shared = fakeNvidiaSmi({ devices: `${MIG}, 80.10, 345, 1755, 40, Enabled, [N/A]` });
    const parts = await opened({ command: shared.path });
    assertEquals([parts.devices[0]!.name, parts.devices[0]!.isCut], ["NVIDIA H100 PCIe (shared by MIG)", true]);
    assertEquals((await readingsOf(parts))[0]!.throttledBy, null);
    using noRights = fakeNvidiaSmi({ devices: `0, ${NO_RIGHTS}`, processes: "12, [Not Supported], [N/A]" });
    const source = await opened({ command: noRights.path });
    assertEquals([(await readingsOf(source))[0]!.usedBytes, source.devices[0]!.totalBytes], [null, null]);
    assertEquals(await source.readProcesses(), [{ pid: 12, device: null, usedBytes: null }]);
  },
});

const FAILURES: readonly (FakeAnswers & { readonly what: string; readonly reason: RegExp })[] = [
  { what: "no device, code 6", devices: "No devices were found", code: 6, reason: /code 6: No devices were found$/ },
  { what: "no device, code 0", devices: "No devices were found", reason: /No devices were found$/ },
  { what: "no driver", devices: NO_DRIVER, code: 9, reason: /code 9: NVIDIA-SMI has failed because/ },
  { what: "no output", devices: "", reason: /listed no device/ },
  { what: "a failure without words", devices: "", code: 12, reason: /failed with code 12$/ },
  {
    what: "other columns than those asked for",
    devices: "0, NVIDIA A100, 17",
    reason: /nvidia-smi: 0, NVIDIA A100, 17/,
  },
];

for (const { what, reason, ...answers } of FAILURES) {
  Deno.test({
    name: `openNvidiaSmi() gives a reason on ${what}`,
    ignore: NO_SHELL,
    async fn() {
      using smi = fakeNvidiaSmi(answers);
      assertMatch(await reasonFor({ command: smi.path }), reason);
    },
  });
}

Deno.test("openNvidiaSmi() gives a reason when there is no nvidia-smi", async () => {
  assertEquals(await reasonFor({ command: "no-such-nvidia-smi" }), "no-such-nvidia-smi was not found on PATH");
});

Deno.test({
  name: "openNvidiaSmi() gives a reason when nvidia-smi may not be run",
  ignore: NO_SHELL,
  async fn() {
    using folder = fakeScript("exit 1");
    assertMatch(await reasonFor({ command: folder.folder }), /could not be run/);
  },
});

Deno.test({
  name: "openNvidiaSmi() gives a reason when nvidia-smi hangs",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeScript("exec sleep 600");
    assertMatch(await reasonFor({ command: smi.path, timeoutMs: 100 }), /did not answer within 100 ms$/);
  },
});

Deno.test({
  name: "readDevices() of nvidia-smi gives a reason when a device is gone",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: TWO_A100 });
    const source = await opened({ command: smi.path });
    Deno.writeTextFileSync(smi.path, `#!/bin/sh\necho "${TWO_A100.split("\n")[0]}"\n`);
    const readings = await source.readDevices();
    assert(isAbsent(readings));
    assertMatch(readings.absent, /other devices than before/);
  },
});
