import { assert, assertEquals, assertMatch } from "@std/assert";
import { isAbsent } from "../../../src/observe/absent.ts";
import { type GpuProbe, type GpuProbeOptions, openGpuProbe } from "../../../src/observe/gpu/nvidia_smi.ts";
import { openGpuMemory } from "../../../src/observe/gpu/gpu_memory.ts";
import {
  A100,
  type FakeAnswers,
  fakeNvidiaSmi,
  fakeScript,
  MIG,
  NO_DRIVER,
  NO_RIGHTS,
  TWO_A100,
} from "./fake_nvidia_smi.ts";

const MIB = 2 ** 20;
const NO_SHELL = Deno.build.os === "windows";

async function opened(options: GpuProbeOptions): Promise<GpuProbe> {
  const probe = await openGpuProbe(options);
  assert(!isAbsent(probe), `absent: ${isAbsent(probe) && probe.absent}`);
  return probe;
}

async function reasonFor(options: GpuProbeOptions): Promise<string> {
  const probe = await openGpuProbe(options);
  assert(isAbsent(probe), "a probe was opened");
  return probe.absent;
}

Deno.test({
  name: "openGpuProbe() reads the devices of the nvidia-smi that is first on PATH",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: TWO_A100, processes: "4242, 512\n4242, 300\n77, 20" });
    const path = Deno.env.get("PATH")!;
    Deno.env.set("PATH", `${smi.folder}:${path}`);
    try {
      const probe = await opened({});
      assertEquals(probe.devices.map(({ index }) => index), [0, 1]);
      assertEquals(probe.devices[0], {
        index: 0,
        name: "NVIDIA A100-SXM4-40GB",
        uuid: "GPU-5d3a0f6e-8c7b-4d0e-9a43-7b1d0c7e55aa",
        usedBytes: 1234 * MIB,
        totalBytes: 40960 * MIB,
        utilizationPercent: 37,
        driver: "535.104.05",
      });
      // An idle device is measured: its zeros are zeros.
      assertEquals([probe.devices[1]!.usedBytes, probe.devices[1]!.utilizationPercent], [0, 0]);
      assertEquals(await probe.readDevices(), probe.devices);
      assertEquals(await probe.readProcesses(), [
        { pid: 4242, usedBytes: 512 * MIB },
        { pid: 4242, usedBytes: 300 * MIB },
        { pid: 77, usedBytes: 20 * MIB },
      ]);
    } finally {
      Deno.env.set("PATH", path);
    }
  },
});

Deno.test({
  name: "openGpuProbe() leaves open what the driver leaves open",
  ignore: NO_SHELL,
  async fn() {
    using mig = fakeNvidiaSmi({ devices: MIG });
    const [cut] = (await opened({ command: mig.path })).devices;
    assertEquals([cut!.usedBytes, cut!.utilizationPercent], [14366 * MIB, null]);
    using noRights = fakeNvidiaSmi({ devices: `0, ${NO_RIGHTS}`, processes: "12, [Not Supported]" });
    const probe = await opened({ command: noRights.path });
    assertEquals([probe.devices[0]!.usedBytes, probe.devices[0]!.totalBytes], [null, null]);
    assertEquals(await probe.readProcesses(), [{ pid: 12, usedBytes: null }]);
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
    name: `openGpuProbe() gives a reason on ${what}`,
    ignore: NO_SHELL,
    async fn() {
      using smi = fakeNvidiaSmi(answers);
      assertMatch(await reasonFor({ command: smi.path }), reason);
    },
  });
}

Deno.test("openGpuProbe() gives a reason when there is no nvidia-smi", async () => {
  assertEquals(await reasonFor({ command: "no-such-nvidia-smi" }), "no-such-nvidia-smi was not found on PATH");
});

Deno.test({
  name: "openGpuProbe() gives a reason when nvidia-smi may not be run",
  ignore: NO_SHELL,
  async fn() {
    using folder = fakeScript("exit 1");
    assertMatch(await reasonFor({ command: folder.folder }), /could not be run/);
  },
});

Deno.test({
  name: "openGpuProbe() gives a reason when nvidia-smi hangs",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeScript("exec sleep 600");
    assertMatch(await reasonFor({ command: smi.path, timeoutMs: 100 }), /did not answer within 100 ms$/);
  },
});

Deno.test({
  name: "openGpuMemory() sums the server's processes over all devices",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: TWO_A100, processes: "42, 512\n43, 100\n42, 300\n77, 20" });
    const memory = await openGpuMemory(await opened({ command: smi.path }), [42, 43], false);
    assert(!isAbsent(memory));
    assertEquals(memory.source, "per-process");
    assertEquals(await memory.read([42, 43]), 912 * MIB);
    assertEquals(await memory.read([42]), 812 * MIB);
  },
});

Deno.test({
  name: "openGpuMemory() is per device when the server is not listed, but for host process ids",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: TWO_A100, processes: "77, 20" });
    const probe = await opened({ command: smi.path });
    const hidden = await openGpuMemory(probe, [42], false);
    assert(!isAbsent(hidden));
    assertEquals([hidden.source, await hidden.read([42])], ["per-device", 1234 * MIB]);
    // A server of this host that has not touched a GPU yet uses none: the model is absent.
    const idle = await openGpuMemory(probe, [42], true);
    assert(!isAbsent(idle));
    assertEquals([idle.source, await idle.read([42])], ["per-process", 0]);
  },
});

Deno.test({
  name: "openGpuMemory() is per device when the driver does not say what a process uses",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: A100, processes: "42, [N/A]" });
    const memory = await openGpuMemory(await opened({ command: smi.path }), [42], true);
    assert(!isAbsent(memory));
    assertEquals([memory.source, await memory.read([42])], ["per-device", 1234 * MIB]);
  },
});

Deno.test({
  name: "openGpuMemory() gives a reason when the driver says neither",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: `0, ${NO_RIGHTS}`, processes: "42, [N/A]" });
    const memory = await openGpuMemory(await opened({ command: smi.path }), [42], true);
    assert(isAbsent(memory));
    assertMatch(memory.absent, /does not say/);
  },
});

Deno.test({
  name: "openGpuMemory() reads null, never 0, when nvidia-smi fails later",
  ignore: NO_SHELL,
  async fn() {
    using smi = fakeNvidiaSmi({ devices: A100, processes: "42, 512" });
    const memory = await openGpuMemory(await opened({ command: smi.path }), [42], true);
    assert(!isAbsent(memory));
    Deno.writeTextFileSync(smi.path, `#!/bin/sh\necho "${NO_DRIVER}"; exit 9\n`);
    assertEquals(await memory.read([42]), null);
  },
});
