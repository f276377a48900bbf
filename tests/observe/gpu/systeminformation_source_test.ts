import { assert, assertEquals } from "@std/assert";
import { isAbsent } from "../../../src/observe/absent.ts";
import { type Controller, openSysteminformationSource } from "../../../src/observe/gpu/systeminformation_source.ts";

const MIB = 2 ** 20;
const APPLE: Controller = { vendor: "Apple", model: "Apple M2", bus: "Built-In", vram: null, vramDynamic: true };
const SCREEN: Controller = { vendor: "Cirrus Logic", model: "GD 5446", vram: 4 };
const open = (controllers: readonly Controller[]) =>
  openSysteminformationSource({ list: () => Promise.resolve(controllers) });

Deno.test("openSysteminformationSource() is none where only a name is known", async () => {
  assertEquals(await open([SCREEN, APPLE]), {
    absent: "nothing here tells how Apple M2 is used: its name and memory alone are known",
  });
  assertEquals(await open([SCREEN]), { absent: "no GPU that PyTorch computes on was found" });
  assertEquals(await openSysteminformationSource({ list: () => Promise.reject(new Error("no")) }), {
    absent: "systeminformation could not list the GPUs",
  });
});

Deno.test("openSysteminformationSource() gives what is told, and the rest as not told", async () => {
  const radeon = { vendor: "AMD", model: "Radeon RX 7900 XT", vram: 20480, utilizationGpu: 37, memoryUsed: 1024 };
  const source = await open([SCREEN, radeon]);
  assert(!isAbsent(source));
  assertEquals(source.devices, [{
    index: 0,
    name: "AMD Radeon RX 7900 XT",
    uuid: null,
    totalBytes: 20480 * MIB,
    maxSmClockMhz: null,
    driver: null,
  }]);
  assertEquals(await source.readDevices(), [{
    utilizationPercent: 37,
    usedBytes: 1024 * MIB,
    powerWatts: null,
    smClockMhz: null,
    throttledBy: null,
    temperatureCelsius: null,
  }]);
  assert(isAbsent(await source.readEnergy()));
  assert(isAbsent(await source.readProcesses()));
  await source.close();
});
